/**
 * The notebook as a file: read, hash, write. What follows is what a lesson's author needs to know.
 *
 * **Cells of an exercise** carry metadata (JupyterLab: the gear on the right, "Cell Metadata"), all with one `exercise`:
 *
 * ```jsonc
 * {"nablab": {"exercise": "softmax", "role": "task"}}      // Markdown: what to do, difficulty, time, hint
 * {"nablab": {"exercise": "softmax", "role": "stub"}}      // code: what the learner edits
 * {"nablab": {"exercise": "softmax", "role": "check",      // code: checks the answer
 *             "wrong": ["const softmax = …"]}}             //   typical wrong answers: each replaces the stub
 * {"nablab": {"exercise": "softmax", "role": "solution"}}  // Markdown: <details>, the code in a ts fence
 * ```
 *
 * The task says `**Difficulty** ●●○ · **Time** 10 min` and has `<details><summary>Hint</summary>…</details>`. The
 * solution's fences together replace the stub, and the check is the next code cell after it. A check must end well
 * whatever the answer, so that a page with unsolved exercises runs from top to bottom: it puts
 * `application/vnd.nablab.exercise+json` `{id, state}` into its output, `state` being `"untouched"`, `"failed"` or
 * `"passed"`. The library's `await check(id, answer, {...})` does just that, and `todo` in the stub makes it untouched.
 * The `exercise` of the metadata and the id given to `check` are the same, and unique in the course: `"01-softmax"`.
 *
 * **The results cell** (the one that calls `results([...])`) says in which band each number must be:
 *
 * ```jsonc
 * {"nablab": {"bands": {"test accuracy": {"fast": [90, 100], "full": [98, 100]}}}}
 * ```
 *
 * **Numbers in the prose** are wrapped in tags that neither JupyterLab nor GitHub shows. `npm run notebooks` fills them
 * in from the results of the run, with as many decimals as the text has already; a test fails if they differ:
 *
 * ```md
 * <!-- nablab:result test accuracy -->98.1 %<!-- /-->            the value of the result with that name
 * <!-- nablab:result test accuracy | spread -->0.1<!-- /-->      another field: value, spread, n, seconds, device, unit
 * <!-- nablab:run seconds -->2 min 10 s<!-- /-->                 how long the whole notebook took: "42 s", "3 min 5 s"
 * <!-- nablab:run device -->CPU, TensorFlow 2.21<!-- /-->        and on what
 * ```
 *
 * **The first screen** (all Markdown before the first code cell): `# Title`, then `**Objectives**` with 3 to 6 list
 * items, `**Prerequisites**`, `**Time**` with a `nablab:run seconds` tag, `**Headline**` with a `nablab:result` tag.
 * **The end**: headings `## Takeaways` and `## Where next`. **Rhythm**: 8 to 40 words of prose a code line, no cell over
 * 40 lines, the median cell at most 8. Lessons from 01 on have at least 6 exercises. 99, the page of sources, is free of that and
 * may have more prose.
 *
 * **Notebook metadata** `nablab: {cells, seconds, device}` is written by `npm run notebooks`: the hash of the code
 * cells that made the outputs (prose may be corrected without training again), the time and the device.
 */
import { createHash } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Output } from "./outputs";

/** What nablab stores in the metadata of a cell; see the top of this file. */
export interface CellMarks {
  exercise?: string;
  role?: "task" | "stub" | "check" | "solution";
  wrong?: string[];
  bands?: Record<string, { fast: [number, number]; full: [number, number] }>;
}

export interface Cell {
  id: string;
  cell_type: "code" | "markdown" | "raw";
  /** The text of the cell; on disk a list of lines. */
  source: string;
  metadata: { nablab?: CellMarks } & Record<string, unknown>;
  execution_count?: number | null;
  outputs?: Output[];
  attachments?: Record<string, unknown>;
}

export type CodeCell = Cell & { cell_type: "code"; outputs: Output[] };

/** What a full run leaves in the notebook's metadata. */
export interface RunMarks {
  /** `sha256` of the code that made the outputs, see {@link hashCells}. */
  cells: string;
  /** Wall time of the run. */
  seconds: number;
  /** What it ran on, as the library says it: `"CPU, TensorFlow 2.21"`. */
  device: string;
}

export interface Notebook {
  path: string;
  cells: Cell[];
  metadata: { nablab?: RunMarks } & Record<string, unknown>;
  nbformat: number;
  nbformat_minor: number;
}

/** The file's name without its ending, `01-eight-steps`. */
export const nameOf = (notebook: Notebook): string => basename(notebook.path, ".ipynb");

export const isCode = (cell: Cell): cell is CodeCell => cell.cell_type === "code";

/** A position in a notebook as a reader counts: cells of all kinds from 1. */
export const place = (notebook: Notebook, cell: Cell): string =>
  `${basename(notebook.path)}, cell ${notebook.cells.indexOf(cell) + 1}`;

const joined = (text: string | string[] | undefined): string => (Array.isArray(text) ? text.join("") : (text ?? ""));

/**
 * Reads a notebook of format 4.
 *
 * @throws Error if the file is no JSON, no notebook, or of another format.
 */
export function readNotebook(path: string): Notebook {
  let raw: Partial<Notebook>;
  try {
    raw = JSON.parse(readFileSync(path, "utf8")) as Partial<Notebook>;
  } catch (error) {
    throw new Error(`readNotebook() could not read ${path}: ${(error as Error).message}`, { cause: error });
  }
  if (!Array.isArray(raw.cells) || raw.nbformat !== 4) {
    throw new Error(`readNotebook() wants a notebook of format 4, ${path} is none; save it once in JupyterLab`);
  }
  const cells = raw.cells.map((cell: Cell, i) => ({
    ...cell,
    id: cell.id ?? `cell-${i + 1}`,
    source: joined(cell.source),
    metadata: cell.metadata ?? {},
    ...(cell.cell_type === "code" && { outputs: (cell.outputs ?? []).map(joinOutput) }),
  }));
  return {
    path,
    cells,
    metadata: raw.metadata ?? {},
    nbformat: 4,
    nbformat_minor: Math.max(raw.nbformat_minor ?? 0, 5),
  };
}

/** What nbformat stores as a list of lines; other text, base64 for one, stays a string. */
const isLines = (mime: string): boolean =>
  mime.startsWith("text/") || /^(application\/javascript|image\/svg\+xml)$/.test(mime);

const isJson = (mime: string): boolean => /[/+]json$/.test(mime);

function joinOutput(output: Output): Output {
  if (output.output_type === "stream") return { ...output, text: joined(output.text) };
  if (output.output_type === "error") return output;
  const data = Object.entries(output.data).map(([mime, value]) => [
    mime,
    isJson(mime) ? value : joined(value as string | string[]),
  ]);
  return { ...output, data: Object.fromEntries(data) as Record<string, unknown> };
}

/** The code cells that run, in order; empty ones are passed over as Jupyter does. */
export const codeCells = (notebook: Notebook): CodeCell[] =>
  notebook.cells.filter(isCode).filter(({ source }) => source.trim() !== "");

/** `sha256` of the sources of all code cells: it changes whenever the outputs could. */
export function hashCells(notebook: Notebook): string {
  const sources = codeCells(notebook).map(({ source }) => source);
  return createHash("sha256").update(JSON.stringify(sources)).digest("hex");
}

const lines = (text: string): string[] => text.split(/(?<=\n)/);

/** Sorted keys, an indent of one, text as lists of lines: what JupyterLab writes, so that saving there changes nothing. */
export function formatNotebook({ cells, metadata, nbformat, nbformat_minor }: Notebook): string {
  const onDisk = cells.map((cell) => ({
    ...cell,
    source: lines(cell.source).filter((line) => line !== ""),
    ...(isCode(cell) && { outputs: cell.outputs.map(splitOutput), execution_count: cell.execution_count ?? null }),
  }));
  return JSON.stringify(sorted({ cells: onDisk, metadata, nbformat, nbformat_minor }), null, 1) + "\n";
}

function splitOutput(output: Output): unknown {
  if (output.output_type === "stream") return { ...output, text: lines(output.text) };
  if (output.output_type === "error") return output;
  const data = Object.entries(output.data).map(([mime, value]) => [
    mime,
    isLines(mime) && typeof value === "string" ? lines(value) : value,
  ]);
  return { ...output, data: Object.fromEntries(data) as unknown };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]));
}

/** Writes the notebook beside its place, then moves it there: a reader sees the old file or the new, never half of one. */
export function writeNotebook(notebook: Notebook): void {
  const beside = join(dirname(notebook.path), `.${basename(notebook.path)}.${process.pid}.tmp`);
  try {
    writeFileSync(beside, formatNotebook(notebook));
    renameSync(beside, notebook.path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
