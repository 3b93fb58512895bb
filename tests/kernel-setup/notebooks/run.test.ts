import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeCells, readNotebook, writeNotebook, type Notebook } from "../../../kernel-setup/src/notebooks/notebook";
import { rehearse } from "../../../kernel-setup/src/notebooks/rehearse";
import { CellError, runNotebook, type FinishedRun } from "../../../kernel-setup/src/notebooks/run";
import { storeRun } from "../../../kernel-setup/src/notebooks/store";
import { lesson, notebookOf, root } from "./fixture";

let folder: string;
beforeAll(() => {
  mkdirSync(join(root, ".nablab"), { recursive: true });
  folder = mkdtempSync(join(root, ".nablab/run-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const inFolder = (notebook: Notebook, name: string): Notebook => {
  const copy = { ...notebook, path: join(folder, name) };
  writeNotebook(copy);
  return copy;
};

describe("a full run on the course's kernel", () => {
  let notebook: Notebook;
  let run: FinishedRun;
  beforeAll(async () => {
    notebook = inFolder(lesson(), "full.ipynb");
    run = await runNotebook(notebook, { root });
  });

  it("collects what each cell shows, displays in their last state", () => {
    expect(run.cells.map(({ cell, reply }) => [cell.id, reply.status])).toEqual(
      codeCells(notebook).map(({ id }) => [id, "ok"]),
    );
    const chart = run.cells[2].outputs;
    expect(chart).toMatchObject([
      {
        output_type: "display_data",
        data: { "text/plain": "5 points", "application/vnd.vegalite.v5+json": { mark: "point" } },
      },
    ]);
    expect(run.cells[3].outputs).toEqual([{ output_type: "stream", name: "stdout", text: "A CHART NO MORE\n" }]);
  });

  it("is stored with its marks, sequential counts and the measured numbers in the prose", () => {
    const { stored, bytes } = storeRun(notebook, run);
    expect(stored).toEqual(readNotebook(notebook.path));
    expect(bytes).toBe(readFileSync(notebook.path).length);
    expect(codeCells(stored).map(({ execution_count }) => execution_count)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(stored.metadata).toMatchObject({
      kernelspec: { name: "tslab", language: "typescript" },
      nablab: { device: "CPU" },
    });
    expect(stored.cells[0].source.replace(/<!--.*?-->/g, "")).toContain(
      "the mean of our five numbers is 5.0, their median\n3.",
    );
  });

  it("gives the same file when it is run again", async () => {
    storeRun(notebook, { ...run, seconds: 1 });
    const before = readFileSync(notebook.path, "utf8");
    storeRun(notebook, { ...(await runNotebook(readNotebook(notebook.path), { root })), seconds: 1 });
    expect(readFileSync(notebook.path, "utf8")).toBe(before);
  });

  it("keeps prose that was corrected meanwhile, and is not stored over code that was changed", () => {
    const prose = lesson({ "cell-3": "Corrected." });
    inFolder(prose, "full.ipynb");
    expect(storeRun(notebook, run).stored.cells[2].source).toBe("Corrected.");
    inFolder(lesson({ "cell-4": "const mean = 1;" }), "full.ipynb");
    const before = readFileSync(notebook.path, "utf8");
    expect(() => storeRun(notebook, run)).toThrow(/full\.ipynb was changed while it ran/);
    expect(readFileSync(notebook.path, "utf8")).toBe(before);
  });
});

describe("a run that fails", () => {
  it("says in which cell, with the traceback, and runs nothing after it", async () => {
    const ran: string[] = [];
    const notebook = {
      ...notebookOf("1 + 1", 'throw new RangeError("too far");', "2"),
      path: join(folder, "bad.ipynb"),
    };
    const failed = runNotebook(notebook, { root, onCell: (cell, done) => done && ran.push(cell.id) });
    const error = await failed.then(
      () => undefined,
      (reason: unknown) => reason as CellError,
    );
    expect(error).toBeInstanceOf(CellError);
    expect(error!.message).toMatch(/^bad\.ipynb, cell 2 failed\n[\s\S]*RangeError[\s\S]*too far/);
    expect(ran).toEqual(["cell-1"]);
  });

  it("ends the running cell when it is told to", async () => {
    const stop = new AbortController();
    const notebook = {
      ...notebookOf("1", "while (true) await new Promise((go) => setTimeout(go, 1));"),
      path: join(folder, "long.ipynb"),
    };
    const run = runNotebook(notebook, {
      root,
      signal: stop.signal,
      onCell: (cell, done) => cell.id === "cell-2" && !done && setTimeout(() => stop.abort(new Error("told to")), 100),
    });
    await expect(run).rejects.toThrow("told to");
  });
});

describe("rehearsing a notebook", () => {
  it("finds nothing wrong with a sound one, and leaves its outputs as a learner sees them at first", async () => {
    const notebook = inFolder(lesson(), "sound.ipynb");
    const { problems, outputs } = await rehearse(notebook, { root });
    expect(problems).toEqual([]);
    expect(outputs.get(codeCells(notebook)[5])).toMatchObject([
      { data: { "text/plain": expect.stringContaining("untouched") } },
    ]);
  });

  it("finds checks that accept wrong answers or stubs, solutions that fail, cells that break and numbers out of band", async () => {
    const check = lesson().cells.find(({ id }) => id === "cell-11")!.source;
    const lenient = check.replace('got.every(Number.isNaN) ? "untouched" : got[0] === 2 && got[1] === 3', "true");
    const strict = check.replace('? "passed" : "failed"', '? "failed" : "failed"');
    const bands = { mean: { fast: [0, 1], full: [0, 1] }, median: { fast: [3, 3], full: [3, 3] } } as const;
    const broken = "const median = (values: number[]): number => { throw new Error('broken'); };";
    const marks = { "cell-11": { wrong: [broken, "not code at all"] }, "cell-14": { bands: bands as never } };
    const problems = async (notebook: Notebook) =>
      (await rehearse(inFolder(notebook, "unsound.ipynb"), { root })).problems.join("\n");

    const accepting = await problems(lesson({ "cell-11": lenient, "cell-8": "null.x" }));
    expect(accepting).toContain('the check of "median" with wrong answer 1 says passed, not failed');
    expect(accepting).toContain('the check of "median" says passed about the untouched stub');
    expect(accepting).toMatch(/cell 8: the reply is "error"/);

    const refusing = await problems(lesson({ "cell-11": strict }, marks));
    expect(refusing).toContain("with the solution says failed, not passed");
    expect(refusing).toMatch(/the check of "median" with wrong answer 1: the reply is "error" Error: broken/);
    expect(refusing).toMatch(/wrong answer 2 of "median": the reply is "error"/);
    expect(refusing).toContain('"mean" is 5, outside its fast band 0 to 1');
  });
});
