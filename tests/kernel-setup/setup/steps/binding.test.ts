import { existsSync, readdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { ended, mirrorClone, program, write } from "../../sandbox";

const native = "node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8";

/** Does the binding step in a clone of its own and says what it did. */
async function doStep(clone: string, path: string, kind = "cpu") {
  const script = `
    const { bindingStep, bindingFile, whyWebAssembly } = require("./kernel-setup/dist/setup/steps/binding.js");
    const { doSteps, isDone } = require("./kernel-setup/dist/setup/step.js");
    const { Progress } = require("./kernel-setup/dist/setup/progress.js");
    const step = bindingStep({ kind: "${kind}", why: "" });
    doSteps([step], new Progress(process.stderr)).then((done) =>
      console.log(JSON.stringify({ done, again: !isDone(step), why: whyWebAssembly() ?? null })));`;
  // No package index, so that a missing compiler stays missing.
  const env = { ...process.env, PATH: path, CXX: "", PIP_INDEX_URL: "http://127.0.0.1:9/", PIP_RETRIES: "0" };
  const { stdout, stderr } = await ended(process.execPath, ["-e", script], { cwd: clone, env });
  expect(stdout, stderr).not.toBe("");
  return { ...(JSON.parse(stdout) as { done: number; again: boolean; why: string | null }), said: stderr };
}

/** A Python in which pip reaches nothing. */
const offlinePython = (clone: string) =>
  program(clone, ".venv/bin/python", `echo "NewConnectionError: Network is unreachable" >&2; exit 1`);

describe.runIf(process.platform === "linux")("the native binding", () => {
  it("is compiled by the first compiler that can, is tried before it is put in place, and is not made twice", async () => {
    const clone = mirrorClone();
    write(clone, { [`${native}/tfjs_binding.node`]: "an old one" });
    const tools = join(clone, "tools");
    program(tools, "g++", `echo "g++: internal compiler error" >&2; exit 4`);
    program(tools, "clang++", `for last; do :; done; echo "not a library" > "$last"`);
    // `command -v` finds the real one behind this folder.
    program(tools, "c++", `PATH="${process.env.PATH}" exec g++ "$@"`);
    const first = await doStep(clone, [tools, dirname(process.execPath)].join(delimiter));
    expect(first).toMatchObject({ done: 1, again: false, why: null });
    expect(first.said).toMatch(/Native TensorFlow binding … \d+\.\d s {2}\(c\+\+\)/);
    expect(readdirSync(join(clone, native)).sort()).toEqual([".nablab", "tfjs_binding.node"]);

    const probe = [join(clone, "kernel-setup/dist/setup/probe-child.js"), join(clone, native, "tfjs_binding.node")];
    const { stdout } = await ended(process.execPath, probe);
    expect(JSON.parse(stdout)).toEqual({ tensorflow: "2.21.0", gpu: expect.any(Boolean) as boolean, functions: true });

    // No compiler any more: whoever has the binding needs none.
    expect((await doStep(clone, dirname(process.execPath))).done).toBe(0);
    write(clone, { [`${native}/tfjs_binding.node`]: "cut short by something else" });
    write(clone, { "kernel-setup/native/nablab_binding.cc": "#error broken by the test\n" });
    const broken = await doStep(clone, [tools, dirname(process.execPath)].join(delimiter));
    expect(broken.why).toContain("broken by the test");
    expect(existsSync(join(clone, native, "tfjs_binding.node"))).toBe(false);
  });

  it("gives way to WebAssembly where there is no compiler and none to be had, until one appears", async () => {
    const clone = mirrorClone();
    offlinePython(clone);
    write(clone, { [`${native}/tfjs_binding.node`]: "left by an older set-up" });
    const node = join(clone, "node only");
    program(node, "node", `exec "${process.execPath}" "$@"`);
    const without = await doStep(clone, node);
    expect(without.why).toBe("no C++ compiler; and PyPI's ziglang: the Python package index cannot be reached");
    expect(without.again).toBe(false);
    expect(existsSync(join(clone, native, "tfjs_binding.node"))).toBe(false);
    expect((await doStep(clone, node)).done).toBe(0);
    program(node, "g++", `echo "error: still too old" >&2; exit 1`);
    const tried = await doStep(clone, node);
    expect(tried.done).toBe(1);
    expect(tried.why).toContain("g++: error: still too old");
  });
});
