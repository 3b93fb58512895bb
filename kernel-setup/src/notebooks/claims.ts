/**
 * Numbers in the prose that stand for something measured, so that text and measurement can't drift apart.
 *
 * `<!-- nablab:result NAME -->98.1 %<!-- /-->`; the whole syntax is at the top of notebook.ts.
 */
import { place, type Cell, type Notebook, type RunMarks } from "./notebook";
import { storedResults, type Result } from "./results";

export interface Claim {
  cell: Cell;
  /** `"result"`: a field of a result; `"run"`: something about the whole run. */
  of: "result" | "run";
  /** The result's name; empty for a run. */
  name: string;
  field: string;
  /** What the reader sees. */
  text: string;
  /** Where the text stands in the cell's source. */
  start: number;
}

const tag = /<!--\s*nablab:(result|run)\s+([^>|]*?)\s*(?:\|\s*(\w+)\s*)?-->([\s\S]*?)<!--\s*\/\s*-->/g;

/** All claims in the notebook's Markdown. */
export const readClaims = (notebook: Notebook): Claim[] =>
  notebook.cells
    .filter(({ cell_type }) => cell_type === "markdown")
    .flatMap((cell) =>
      [...cell.source.matchAll(tag)].map(([whole, of, name, field, text], i, all) => ({
        cell,
        of: of as Claim["of"],
        name: of === "result" ? name : "",
        field: of === "result" ? (field ?? "value") : name,
        text,
        start: all[i].index + whole.lastIndexOf("<!--") - text.length,
      })),
    );

/** Tags that start but don't end, or whose kind is unknown: they would be passed over in silence. */
export const brokenTags = (notebook: Notebook): string[] =>
  notebook.cells
    .filter(({ cell_type }) => cell_type === "markdown")
    .filter(({ source }) => (source.match(/<!--\s*nablab:/g) ?? []).length !== [...source.matchAll(tag)].length)
    .map(
      (cell) => `${place(notebook, cell)}: a nablab tag is not closed by <!-- /--> or is neither "result" nor "run"`,
    );

const number = /[-−]?\d+(?:[.,]\d+)*(?:e[-+]?\d+)?/i;

const plural = (seconds: number): string =>
  seconds < 60
    ? `${Math.max(1, Math.round(seconds))} s`
    : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;

/** `42 s`, `3 min 5 s`: seconds as the prose says them. */
export const duration = (seconds: number): string => plural(seconds < 60 ? seconds : Math.round(seconds));

/**
 * The text that a claim must have: the number in it is replaced by the measured one with as many decimals, the rest
 * (unit, words) stays.
 *
 * @throws Error if there is no such result or field, or no number to replace.
 */
export function measuredText({ of, name, field, text }: Claim, results: Result[], run: RunMarks): string {
  if (of === "run" && field === "seconds") return duration(run.seconds);
  if (of === "run" && field === "device") return run.device;
  const found = results.filter((result) => result.name === name);
  if (of === "run" || found.length !== 1) {
    const known = results.map((result) => `"${result.name}"`).join(", ") || "none";
    throw new Error(
      of === "run" ? `no run field "${field}"` : `${found.length} results named "${name}"; there are: ${known}`,
    );
  }
  const value = found[0][field as keyof Result];
  if (typeof value === "string") return value;
  if (typeof value !== "number") throw new Error(`the result "${name}" has no "${field}"`);
  const shown = number.exec(text);
  if (!shown) throw new Error(`no number to replace in "${text}"`);
  return text.replace(number, withDigitsOf(shown[0], value));
}

/** The value with the decimals and thousands separators of the number shown: `9,873` stays grouped. */
function withDigitsOf(shown: string, value: number): string {
  if (/e/i.test(shown)) return value.toExponential((/\.(\d+)/.exec(shown)?.[1] ?? "").length);
  const decimals = /\.(\d+)$/.exec(shown)?.[1].length ?? 0;
  const rounded = value.toFixed(decimals);
  return shown.includes(",") ? rounded.replace(/\B(?=(\d{3})+(?!\d))/g, ",") : rounded;
}

/** Claims whose text is not what was measured, or that stand for nothing. */
export function claimProblems(notebook: Notebook): string[] {
  const results = storedResults(notebook);
  const run = notebook.metadata.nablab;
  if (!run) return [`${place(notebook, notebook.cells[0])}: no measured run is stored; run \`npm run notebooks\``];
  const wrong = readClaims(notebook).flatMap((claim) => {
    const at = place(notebook, claim.cell);
    try {
      const measured = measuredText(claim, results, run);
      return measured === claim.text ? [] : [`${at} claims "${claim.text}", measured is "${measured}"`];
    } catch (error) {
      return [`${at}: ${(error as Error).message}`];
    }
  });
  return [...brokenTags(notebook), ...wrong];
}

/** Writes what was measured into the tagged places of the prose. Claims that stand for nothing are left to the test. */
export function fillClaims(notebook: Notebook, run: RunMarks): void {
  const results = storedResults(notebook);
  // From the last to the first: what is replaced moves only what comes behind it.
  for (const claim of readClaims(notebook).reverse()) {
    try {
      const { cell, start, text } = claim;
      const measured = measuredText(claim, results, run);
      cell.source = cell.source.slice(0, start) + measured + cell.source.slice(start + text.length);
    } catch {
      continue;
    }
  }
}
