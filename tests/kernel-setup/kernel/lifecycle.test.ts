import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KERNEL, KernelClient } from "./client";

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
});
afterAll(() => kernel.shutdown());

/**
 * Both are the kernel's own time: on a machine that is busy with other things the clock also counts those, and with
 * several threads at work the processor counts more than the clock.
 */
const ownTime = (clock: number, processor: number) => Math.min(clock, processor);

describe("the kernel", () => {
  it("answers its first cell within six seconds of its start", async () => {
    const started = performance.now();
    const fresh = await KernelClient.start();
    const run = await fresh.execute("1");
    expect(run.text).toBe("1");
    // Under three on current cores; cores without AVX512 were measured at 3.7.
    expect(ownTime(performance.now() - started, fresh.processorTime)).toBeLessThan(6000);
    await fresh.shutdown();
  });

  it("runs an empty-handed cell in under 100 ms with TensorFlow.js loaded, in the median", async () => {
    await kernel.execute(`import * as tf from "@tensorflow/tfjs-node-gpu";`);
    const times: number[] = [];
    for (let i = 0; i < 25; i++) {
      const before = kernel.processorTime;
      const { milliseconds } = await kernel.execute(`const step${i} = ${i};`);
      times.push(ownTime(milliseconds, kernel.processorTime - before));
    }
    expect(times.sort((a, b) => a - b)[12]).toBeLessThan(100);
  });

  it("tells its language as it is", async () => {
    const { content } = await kernel.request("shell", "kernel_info_request");
    const { version } = JSON.parse(
      readFileSync(join(KERNEL, "../../../../node_modules/@tslab/typescript-for-tslab/package.json"), "utf8"),
    ) as { version: string };
    expect(content).toMatchObject({ status: "ok", implementation: "nablab" });
    expect(content.language_info).toMatchObject({ name: "typescript", version, file_extension: ".ts" });
    expect(Number(content.protocol_version)).toBeGreaterThanOrEqual(5.3);
  });

  it("answers on the control channel and beats while a cell runs", async () => {
    const run = kernel.submit(`console.log("go"); const until = Date.now() + 700; while (Date.now() < until); 1`);
    await kernel.waitFor(({ content }) => content.text === "go\n");
    const asked = performance.now();
    expect((await kernel.request("control", "kernel_info_request")).content.status).toBe("ok");
    expect(await kernel.beat("ping")).toBe("ping");
    expect(performance.now() - asked).toBeLessThan(500);
    expect((await run).text).toBe("1");
  });

  it("keeps a history by tail, range and search", async () => {
    const fresh = await KernelClient.start();
    for (const code of ["const a = 1", "a + 1", "a + 1"]) await fresh.execute(code);
    await fresh.execute("hidden()", { silent: true });
    const lines = async (request: Record<string, unknown>) => {
      const { content } = await fresh.request("shell", "history_request", { output: false, raw: true, ...request });
      return (content.history as [number, number, string][]).map(([, line, code]) => [line, code]);
    };
    expect(await lines({ hist_access_type: "tail", n: 2 })).toEqual([
      [2, "a + 1"],
      [3, "a + 1"],
    ]);
    expect(await lines({ hist_access_type: "range", session: 0, start: 1, stop: 2 })).toEqual([[1, "const a = 1"]]);
    expect(await lines({ hist_access_type: "search", pattern: "a*", unique: true })).toEqual([[3, "a + 1"]]);
    await fresh.shutdown();
  });

  it("answers comm_info_request, closes comms that are opened, and shows nothing for unknown messages", async () => {
    expect((await kernel.request("shell", "comm_info_request")).content).toEqual({ status: "ok", comms: {} });
    const before = kernel.published.length;
    void kernel.request("shell", "comm_open", { comm_id: "c", target_name: "jupyter.widget", data: {} });
    void kernel.request("shell", "no_such_request");
    await kernel.request("shell", "kernel_info_request");
    const closed = await kernel.waitFor(({ header }) => header.msg_type === "comm_close");
    expect(closed.content.comm_id).toBe("c");
    const types = kernel.published.slice(before).map(({ header }) => header.msg_type);
    expect(types.filter((type) => !["status", "comm_close"].includes(type))).toEqual([]);
  });

  it("evaluates user expressions, and runs silent cells without a trace", async () => {
    const run = await kernel.execute("const base = 20", { userExpressions: { twice: "base * 2", bad: "nothing" } });
    expect(run.reply.content.user_expressions).toMatchObject({
      twice: { status: "ok", data: { "text/plain": "40" } },
      bad: { status: "error", ename: "TypeScriptError" },
    });
    const silent = await kernel.execute("console.log(1); 2", { silent: true });
    expect(new Set(silent.messages.map(({ header }) => header.msg_type))).toEqual(new Set(["status"]));
    expect(silent.reply.content.execution_count).toBe(run.reply.content.execution_count);
  });

  it("runs beside another one, each with its own variables", async () => {
    const other = await KernelClient.start();
    const runs = await Promise.all([kernel.execute("const who = 1; who"), other.execute("const who = 2; who")]);
    expect(runs.map((run) => run.text)).toEqual(["1", "2"]);
    await other.shutdown({ restart: true });
    expect((await kernel.execute("who")).text).toBe("1");
  });

  it("ends at once when it is shut down in the middle of a loop, and leaves no files", async () => {
    const fresh = await KernelClient.start();
    void fresh.submit(`console.log("go"); new Function("for(;;);")();`).catch(() => undefined);
    await fresh.waitFor(({ content }) => content.text === "go\n");
    const folder = join(fresh.logFile, "..");
    const started = performance.now();
    await fresh.shutdown();
    expect(performance.now() - started).toBeLessThan(3000);
    expect(existsSync(folder)).toBe(false);
  });

  it("says what is missing when it cannot start", () => {
    const { status, stderr } = spawnSync(process.execPath, [KERNEL, "/no/such/connection.json"], { encoding: "utf8" });
    expect(status).not.toBe(0);
    expect(stderr).toContain("/no/such/connection.json");
    expect(stderr.trim().split("\n").length).toBeLessThanOrEqual(5);
  });
});
