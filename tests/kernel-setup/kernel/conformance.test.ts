import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KERNEL_NAME, writeKernelspec } from "../../../kernel-setup/src/kernel/kernelspec";
import { KERNEL, ROOT } from "./client";

const python = join(ROOT, ".venv", "bin", "python");
let folder: string;
let env: NodeJS.ProcessEnv;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nablab-conformance-"));
  writeKernelspec({ venv: folder, main: KERNEL, env: { NABLAB_LOG: join(folder, "log") } });
  env = { ...process.env, JUPYTER_PATH: join(folder, "share", "jupyter"), KERNEL_NAME, JUPYTER_PLATFORM_DIRS: "1" };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the Jupyter protocol", () => {
  it("is kept in every part that jupyter_kernel_test looks at, with every sample filled in", () => {
    const { stderr, status } = spawnSync(python, [join(__dirname, "conformance.py")], {
      cwd: folder,
      env,
      encoding: "utf8",
    });
    expect(stderr).toMatch(/^Ran 13 tests/m);
    expect(stderr).not.toMatch(/skipped|FAIL:|ERROR:/);
    expect(status).toBe(0);
  });

  it("runs the same notebook through jupyter execute", () => {
    const notebook = join(folder, "cells.ipynb");
    const cells = [`const x: number = 20;`, `console.log("seen");\nawait Promise.resolve(x + 1)`];
    const made = spawnSync(python, ["-c", MAKE_NOTEBOOK, notebook, ...cells], { env, encoding: "utf8" });
    expect(made.stderr).toBe("");
    const run = spawnSync(python, ["-m", "jupyter", "execute", "--inplace", notebook], { env, encoding: "utf8" });
    expect(run.status, run.stderr).toBe(0);
    const outputs = spawnSync(python, ["-c", READ_OUTPUTS, notebook], { env, encoding: "utf8" });
    expect(JSON.parse(outputs.stdout)).toEqual(["stream: seen\n", "execute_result: 21"]);
  });

  it("runs the same cells in jupyter console", () => {
    mkdirSync(join(folder, "home"), { recursive: true });
    const run = spawnSync(python, ["-m", "jupyter_console", "--kernel", KERNEL_NAME, "--simple-prompt"], {
      env: { ...env, HOME: join(folder, "home"), TERM: "dumb" },
      cwd: folder,
      encoding: "utf8",
      input: `const x: number = 20;\nconsole.log("seen"); x + 1\nexit\n`,
    });
    expect(run.stdout).toContain("seen");
    expect(run.stdout).toMatch(/Out\[2\]: 21/);
  });
});

const MAKE_NOTEBOOK = `
import sys, nbformat
spec = {"name": "${KERNEL_NAME}", "display_name": "TypeScript", "language": "typescript"}
cells = [nbformat.v4.new_code_cell(source) for source in sys.argv[2:]]
nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec}), sys.argv[1])
`;

const READ_OUTPUTS = `
import sys, json, nbformat
outputs = [o for cell in nbformat.read(sys.argv[1], 4).cells for o in cell.outputs]
print(json.dumps([f"{o.output_type}: {o.get('text') or o.data['text/plain']}" for o in outputs]))
`;
