/** The results block of a notebook: what it claims, in numbers, and the bands in which they must be. */
import { codeCells, place, type CodeCell, type Notebook } from "./notebook";
import type { Output } from "./outputs";

/** What `results([...])` puts into the output. */
export const resultsType = "application/vnd.nablab.results+json";

export interface Result {
  name: string;
  value: number;
  unit?: string;
  /** Standard deviation over `n` runs, in the unit of the value. */
  spread?: number;
  n?: number;
  seconds?: number;
  device?: string;
}

export type Run = "fast" | "full";

/** All results in the given outputs. */
export const resultsIn = (outputs: Output[]): Result[] =>
  outputs.flatMap((output) => ("data" in output ? ((output.data[resultsType] ?? []) as Result[]) : []));

/** All results stored in the notebook. */
export const storedResults = (notebook: Notebook): Result[] =>
  codeCells(notebook).flatMap(({ outputs }) => resultsIn(outputs));

/** What is wrong with the results of one cell: names without a band, numbers outside of it, bands without a number. */
export function bandProblems(notebook: Notebook, cell: CodeCell, outputs: Output[], run: Run): string[] {
  const bands = cell.metadata.nablab?.bands ?? {};
  const results = resultsIn(outputs);
  const at = place(notebook, cell);
  const wrong = results.flatMap(({ name, value }) => {
    const band = bands[name]?.[run];
    if (!band) return [`${at}: the result "${name}" has no ${run} band in the cell's metadata`];
    const [low, high] = band;
    // Written so that NaN is in no band.
    return value >= low && value <= high
      ? []
      : [`${at}: "${name}" is ${value}, outside its ${run} band ${low} to ${high}`];
  });
  const missing = Object.keys(bands).filter((name) => !results.some((result) => result.name === name));
  return [...wrong, ...missing.map((name) => `${at}: there is a band for "${name}", but no such result`)];
}
