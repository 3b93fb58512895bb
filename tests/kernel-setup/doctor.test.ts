import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ended, mirrorClone, program, root, write } from "./sandbox";

interface Report {
  ok: boolean;
  problems: { part: string; detail: string; remedy: string }[];
  [part: string]: unknown;
}

async function doctor(clone: string, env: NodeJS.ProcessEnv = {}) {
  const run = (...args: string[]) =>
    ended(process.execPath, [join(clone, "kernel-setup/dist/doctor.js"), ...args], { env: { ...process.env, ...env } });
  const [text, json] = [await run(), await run("--json")];
  expect(text.code).toBe(json.code);
  return { code: json.code, text: text.stdout, report: JSON.parse(json.stdout) as Report };
}

describe("npm run doctor", () => {
  it("finds everything well in a clone that is set up, in text and as JSON", async () => {
    const { code, text, report } = await doctor(root, { NABLAB_DEVICE: "auto" });
    expect(report.problems).toEqual([]);
    expect(code).toBe(0);
    expect(text.trim().split("\n").pop()).toBe("Everything is as it should be.");
    expect(report).toMatchObject({
      node: process.version,
      backend: "tensorflow",
      binding: "TensorFlow 2.21.0",
      ok: true,
    });
    const keys = ["node", "python", "tensorflow", "binding", "backend", "device", "gpu", "kernel", "data", "ok"];
    expect(Object.keys(report)).toEqual(expect.arrayContaining(keys));
    expect(typeof report.gpu).toBe("boolean");
  });

  it("names every part that is missing in a clone that is not, and changes nothing", async () => {
    const clone = mirrorClone();
    const { code, text, report } = await doctor(clone);
    expect(code).toBe(1);
    expect(report.ok).toBe(false);
    expect(report.problems.map(({ part }) => part)).toEqual(
      expect.arrayContaining(["python", "jupyter", "tensorflow", "kernel"]),
    );
    for (const { part, remedy } of report.problems) {
      expect(remedy, part).toBeTruthy();
      expect(text).toMatch(new RegExp(`^✗ {3}${part}\\b.*: .*$`, "m"));
    }
    expect(existsSync(join(clone, ".nablab"))).toBe(false);
    expect(existsSync(join(clone, ".venv/.nablab-python"))).toBe(false);
  });

  it("says what a program without the binding runs on, and why the binding does not load", async () => {
    const clone = mirrorClone();
    const native = "node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8";
    write(clone, { [`${native}/tfjs_binding.node`]: "not a library" });
    const broken = (await doctor(clone)).report;
    expect(broken).toMatchObject({ binding: null, backend: "wasm", gpu: false });
    expect(broken.problems.find(({ part }) => part === "binding")!.detail).toMatch(
      /it does not load: .*(ELF|file too short)/,
    );
    rmSync(join(clone, native, "tfjs_binding.node"));
    write(clone, { [`${native}/.nablab-webassembly`]: "no C++ compiler" });
    const none = (await doctor(clone)).report;
    expect(none.problems.find(({ part }) => part === "binding")!.detail).toBe("no C++ compiler");
  });

  it("says that the machine has no Python that fits, and which ones do", async () => {
    const clone = mirrorClone();
    const tools = join(clone, "tools");
    program(tools, "python3", `printf '%s\\n' /usr/bin/python3 3 14 0 True`);
    const { report } = await doctor(clone, { PATH: tools });
    const python = report.problems.find(({ part }) => part === "python")!;
    expect(python.detail).toContain("Python 3.14.0 does not fit");
    expect(python.detail).toContain("3.10 to 3.13");
  });

  it("finds a kernelspec whose program is gone, as after moving the clone", async () => {
    const clone = mirrorClone();
    const spec = { argv: [process.execPath, "/a/clone/that/moved/main.js", "{connection_file}"] };
    write(clone, { ".venv/share/jupyter/kernels/tslab/kernel.json": JSON.stringify(spec) });
    const { report } = await doctor(clone);
    expect(report.problems.find(({ part }) => part === "kernel")!.detail).toBe("/a/clone/that/moved/main.js is gone");
  });
});
