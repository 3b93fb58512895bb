import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KernelClient } from "../../../kernel-setup/src/notebooks/client";
import type { Message } from "../../../kernel-setup/src/notebooks/message";
import { root } from "./fixture";

// ipykernel is Jupyter's own kernel: what works with it is the protocol, not a habit of ours.
const python = {
  root,
  cwd: tmpdir(),
  kernel: "python3",
  env: { PATH: `${join(root, ".venv/bin")}:${process.env.PATH}` },
};

describe("the client, on Jupyter's own kernel", () => {
  let client: KernelClient;
  beforeAll(async () => {
    client = await KernelClient.start(python);
  });
  afterAll(() => client.shutdown());

  it("hands on every output before it says that a cell has ended", async () => {
    const seen: Message[] = [];
    // ipykernel itself drops what piles up beyond a thousand messages.
    const code = "for i in range(500):\n    print(i, flush=True)";
    expect(await client.execute(code, { onMessage: (message) => seen.push(message) })).toMatchObject({ status: "ok" });
    const printed = seen.filter(({ type }) => type === "stream").map(({ content }) => content.text);
    expect(printed.join("").trim().split("\n").map(Number)).toEqual(Array.from({ length: 500 }, (_, i) => i));
  });

  it("waits for what a cell shows after its reply", async () => {
    const late = [
      "import time",
      "kernel = get_ipython().kernel",
      "publish = kernel._publish_status",
      "def late(status, *args, **options):",
      "    if status == 'idle':",
      "        time.sleep(0.3)",
      "        kernel.send_response(kernel.iopub_socket, 'stream', {'name': 'stdout', 'text': 'late'})",
      "    publish(status, *args, **options)",
      "kernel._publish_status = late",
    ].join("\n");
    const seen: unknown[] = [];
    await client.execute(late, { onMessage: ({ content }) => seen.push(content.text) });
    await client.execute("kernel._publish_status = publish");
    expect(seen).toContain("late");
  });

  it("reads the reply of a failing cell, and goes on", async () => {
    expect(await client.execute("1/0")).toMatchObject({ status: "error", ename: "ZeroDivisionError" });
    expect(await client.execute("1")).toMatchObject({ status: "ok" });
  });

  it("answers input", async () => {
    const seen: unknown[] = [];
    await client.execute("print(input('name? '))", {
      onInput: (prompt) => `${prompt}Ada`,
      onMessage: ({ type, content }) => type === "stream" && seen.push(content.text),
    });
    expect(seen.join("")).toBe("name? Ada\n");
  });

  it("interrupts", async () => {
    const code = "print('on', flush=True)\nimport time\nwhile True: time.sleep(0.01)";
    const onMessage = ({ type }: Message) => type === "stream" && client.interrupt();
    expect(await client.execute(code, { onMessage })).toMatchObject({ status: "error", ename: "KeyboardInterrupt" });
  });
});

/** Starts ipykernel with its stdin channel on another port, and lets clients through to it a second later than to the rest. */
const lateStdin = `
import json, socket, sys, threading, time
from ipykernel.kernelapp import launch_new_instance
file = sys.argv[-1]
connection = json.load(open(file))
public = connection["stdin_port"]
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    connection["stdin_port"] = free.getsockname()[1]
json.dump(connection, open(file, "w"))
def pump(source, sink):
    while data := source.recv(4096):
        sink.sendall(data)
def relay():
    time.sleep(1)
    server = socket.create_server(("127.0.0.1", public))
    while True:
        client, _ = server.accept()
        kernel = socket.create_connection(("127.0.0.1", connection["stdin_port"]))
        threading.Thread(target=pump, args=(client, kernel), daemon=True).start()
        threading.Thread(target=pump, args=(kernel, client), daemon=True).start()
threading.Thread(target=relay, daemon=True).start()
launch_new_instance(argv=["-f", file])
`;

describe("a kernel that does not behave", () => {
  it("is asked nothing before it can ask back: an input_request to a client not yet there would be lost", async () => {
    const folder = mkdtempSync(join(tmpdir(), "nablab-client-"));
    const spec = join(folder, ".venv/share/jupyter/kernels/late");
    mkdirSync(spec, { recursive: true });
    const argv = [join(root, ".venv/bin/python"), "-c", lateStdin, "{connection_file}"];
    writeFileSync(join(spec, "kernel.json"), JSON.stringify({ argv, display_name: "late", language: "python" }));
    const client = await KernelClient.start({ root: folder, cwd: folder, kernel: "late" });
    const options = { onInput: () => "Ada", timeout: 20_000 };
    expect(await client.execute("assert input() == 'Ada'", options)).toMatchObject({ status: "ok" });
    await client.shutdown();
    rmSync(folder, { recursive: true });
  });

  it("is named when it is not installed", async () => {
    await expect(KernelClient.start({ root, cwd: root, kernel: "nobody" })).rejects.toThrow(
      /no kernel "nobody".*npm run setup/,
    );
  });

  it("fails the cell in which it dies, with what it wrote beside the protocol", async () => {
    const client = await KernelClient.start(python);
    const code = "import os; os._exit(3)";
    await expect(client.execute(code)).rejects.toThrow(/The kernel ended with exit code 3[\s\S]*IPKernelApp/);
    await client.shutdown();
  });

  it("fails a cell that asks for input when nobody answers, or that takes too long", async () => {
    const client = await KernelClient.start(python);
    await expect(client.execute("input('name? ')")).rejects.toThrow(/asks for input \("name\? "\)/);
    await client.shutdown();
    const slow = await KernelClient.start(python);
    await expect(slow.execute("while True: pass", { timeout: 200 })).rejects.toThrow("did not end in 0.2 s");
    await slow.shutdown();
  });

  it("fails the cell whose reply and outputs disagree, or whose reply says nothing the protocol knows", async () => {
    const folder = mkdtempSync(join(tmpdir(), "nablab-client-"));
    const client = await KernelClient.start({ ...python, cwd: folder });
    const silent = "get_ipython()._showtraceback = lambda *args: None\n1/0";
    await expect(client.execute(silent)).rejects.toThrow(
      'execute_reply says "error", but the cell has 0 error outputs',
    );
    const abort =
      "k = get_ipython().kernel\nrun = k.do_execute\nasync def do(*a, **b):\n    await run(*a, **b)\n    return {'status': 'abort'}\nk.do_execute = do";
    await client.execute(abort);
    await expect(client.execute("1")).rejects.toThrow(/the status "abort"; the protocol knows ok, error, aborted/);
    await client.shutdown();
    rmSync(folder, { recursive: true });
  });
});
