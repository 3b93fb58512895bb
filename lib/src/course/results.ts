import { checkInteger, checkNumber, checkOptions, refuse } from "../check";
import { display } from "../display";
import { shortNumber } from "../viz/numbers";
import { box, escape, escapeMarkdown, markdownTable, table, textTable } from "./html";

/** A number that a lesson claims. */
export interface Result {
  /** What was measured, unique in the lesson: "test accuracy, Adam". */
  name: string;
  value: number;
  /** Unit of value and spread: "%", "s", "images/s". */
  unit?: string;
  /** Standard deviation over the `n` runs, in the unit of the value. */
  spread?: number;
  /** How many runs the value is the mean of. @default 1 */
  n?: number;
  /** How long it took to measure, in seconds. */
  seconds?: number;
  /** On what. @default the device found by the library */
  device?: string;
}

/** By which programs read what a lesson claims. */
export const resultsType = "application/vnd.nablab.results+json";

const fields = ["name", "value", "unit", "spread", "n", "seconds", "device"];

/**
 * Shows what a lesson measured as a table, and stores the same in the output for programs: an array of `Result`.
 *
 * @throws RangeError for a value that is not finite, for names used twice and for nothing at all; TypeError for other kinds
 * @example results([{ name: "test accuracy", ...summarise(accuracies), unit: "%", seconds: 42 }]);
 */
export function results(list: readonly Result[]): void {
  const where = "results()";
  if (!Array.isArray(list)) refuse(where, "list", "an array of results", list, { kind: TypeError });
  if (list.length === 0) refuse(where, "list", "at least one result", list);
  const checked = (list as Result[]).map((result) => checkResult(where, result));
  const twice = checked.find(({ name }, i) => checked.findIndex((other) => other.name === name) !== i);
  if (twice) throw new RangeError(`${where} got two results named ${JSON.stringify(twice.name)}. Remedy: rename one.`);
  const head = ["result", "value", "runs", "time", "device"];
  const rows = checked.map(({ name, n, seconds, device, ...rest }) => [
    ...[name, writeMeasured(rest), String(n), seconds === undefined ? "" : `${shortNumber(seconds)} s`, device ?? ""],
  ]);
  const escaped = (cell: (text: string) => string) => rows.map((row) => row.map(cell));
  display({
    "text/html": box("quiet", table(head, escaped(escape), [1, 2, 3])),
    "text/markdown": markdownTable(head, escaped(escapeMarkdown)),
    "text/plain": textTable(head, rows),
    [resultsType]: checked,
  });
}

function checkResult(where: string, result: Result): Result & { n: number } {
  if (typeof result !== "object" || result === null)
    refuse(where, "each result", "an object", result, { kind: TypeError });
  checkOptions(where, result, fields);
  const { name, value, n = 1, spread, seconds, unit, device = deviceName() } = result;
  if (typeof name !== "string" || name.trim() === "")
    refuse(where, "name", "what was measured", name, { kind: TypeError });
  checkNumber(where, `the value of ${JSON.stringify(name)}`, value);
  checkInteger(where, `n of ${JSON.stringify(name)}`, n, { min: 1 });
  if (spread !== undefined) checkNumber(where, `the spread of ${JSON.stringify(name)}`, spread, { min: 0 });
  if (seconds !== undefined) checkNumber(where, `seconds of ${JSON.stringify(name)}`, seconds, { min: 0 });
  return JSON.parse(JSON.stringify({ name, value, unit, spread, n, seconds, device })) as Result & { n: number };
}

const deviceName = (): string | undefined =>
  (globalThis as Record<symbol, unknown>)[Symbol.for("nablab.device")] as string | undefined;

/** `98.2 ± 0.12 %`. */
export const writeMeasured = ({ value, spread, unit }: Pick<Result, "value" | "spread" | "unit">): string =>
  `${shortNumber(value)}${spread === undefined ? "" : ` ± ${shortNumber(Number(spread.toPrecision(2)))}`}${unit ? ` ${unit}` : ""}`;

/**
 * Mean and sample standard deviation of repeated runs, as `results` takes them.
 *
 * `spread = sqrt(Σ(x - mean)² / (n - 1))`; none for a single run.
 *
 * @throws RangeError for no runs, and for one that is not finite
 */
export function summarise(values: readonly number[]): { value: number; spread?: number; n: number } {
  const n = values.length;
  if (n === 0) refuse("summarise()", "values", "at least one run", values);
  values.forEach((value, i) => checkNumber("summarise()", `run ${i + 1}`, value));
  const value = values.reduce((sum, x) => sum + x, 0) / n;
  if (n === 1) return { value, n };
  return { value, spread: Math.sqrt(values.reduce((sum, x) => sum + (x - value) ** 2, 0) / (n - 1)), n };
}
