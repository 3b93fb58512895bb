import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { findNotebooks } from "../../../kernel-setup/src/notebooks/command";
import { readNotebook, writeNotebook, type Notebook } from "../../../kernel-setup/src/notebooks/notebook";
import { lesson, notebookOf, root } from "./fixture";

const program = join(root, "kernel-setup/dist/notebooks/main.js");

let folder: string;
beforeAll(() => {
  mkdirSync(join(root, ".nablab"), { recursive: true });
  folder = mkdtempSync(join(root, ".nablab/command-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const put = (notebook: Notebook, name: string): string => {
  const path = join(folder, name);
  writeNotebook({ ...notebook, path });
  return path;
};

const notebooks = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });
  return { status, text: stdout + stderr };
};

describe("npm run notebooks", () => {
  it("finds notebooks by the start of their name, and says which there are", () => {
    put(notebookOf("1"), "00-a.ipynb");
    put(notebookOf("1"), "01-b.ipynb");
    const names = (args: string[]) => findNotebooks(args, folder).map((path) => path.slice(folder.length + 1));
    expect([names([]), names(["01"])]).toEqual([["00-a.ipynb", "01-b.ipynb"], ["01-b.ipynb"]]);
    expect(() => names(["07"])).toThrow('No notebook starts with "07"; there are: 00-a.ipynb, 01-b.ipynb');
  });

  it("runs a notebook, shows each cell with its time and writes the outputs back", () => {
    const path = put(lesson(), "lesson.ipynb");
    const { status, text } = notebooks(path);
    expect(text).toMatch(/^lesson\.ipynb\n {2}cell {2}2 +\d+\.\d s {2}import \{ inspect \} from "node:util";\n/);
    expect(text).toMatch(/ {2}7 cells in \d+ s on CPU\n$/);
    expect(status).toBe(0);
    expect(readNotebook(path).metadata.nablab?.cells).toMatch(/^[0-9a-f]{64}$/);
    expect(readdirSync(folder).filter((name) => name.includes("tmp"))).toEqual([]);
  });

  it("leaves a notebook as it was when a cell fails, when it is run fast, and when its types are wrong", () => {
    const cases: [Notebook, string[], RegExp, number][] = [
      [
        notebookOf("const a = 1;\nthrow new Error(`no ${a}`);"),
        [],
        /bad\.ipynb, cell 1 failed\n[\s\S]*no 1[\s\S]*left as it was/,
        1,
      ],
      [notebookOf("const a: string = null;\nvoid a;"), [], /^bad\.ipynb, cell 1, line 1: Type 'null'/, 1],
      [notebookOf("1 + 1"), ["--fast"], /fast, nothing is written/, 0],
      [notebookOf("1 + 1"), ["--check"], /types and promises are right/, 0],
    ];
    for (const [notebook, flags, said, code] of cases) {
      const path = put(notebook, "bad.ipynb");
      const before = readFileSync(path, "utf8");
      const { status, text } = notebooks(...flags, path);
      expect(text).toMatch(said);
      expect([status, readFileSync(path, "utf8")]).toEqual([code, before]);
    }
  });

  it.each([
    ["on Ctrl+C", "SIGINT", 130],
    ["when it is killed itself", "SIGKILL", null],
  ] as const)("ends its kernel and writes nothing %s", async (_, signal, code) => {
    const pidFile = join(folder, "pid");
    const first = `import { writeFileSync } from "node:fs";\nwriteFileSync(${JSON.stringify(pidFile)}, String(process.pid));`;
    const path = put(notebookOf(first, "while (true) await new Promise((go) => setTimeout(go, 1));"), "endless.ipynb");
    const before = readFileSync(path, "utf8");
    const child = spawn(process.execPath, [program, path], { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      const running = text.includes("cell 1");
      text += chunk.toString();
      if (!running && text.includes("cell 1")) child.kill(signal);
    });
    expect((await once(child, "close"))[0]).toBe(code);
    if (code !== null) expect(text).toMatch(/Stopped\.\nendless\.ipynb is left as it was\.\n$/);
    expect(readFileSync(path, "utf8")).toBe(before);
    const kernel = Number(readFileSync(pidFile, "utf8"));
    await vi.waitFor(() => expect(() => process.kill(kernel, 0)).toThrow("ESRCH"), { timeout: 10_000, interval: 50 });
  });

  it("refuses options that it does not know", () => {
    expect(notebooks("--slow")).toEqual({
      status: 1,
      text: "notebooks does not know --slow; it knows --fast and --check\n",
    });
  });
});
