import { refuse } from "../check";
import { rounded } from "./numbers";

/** A row of data: what a chart draws, by column. */
export type Row = object;

/** What an axis shows: the name of a column, or more about it. */
export type Axis = string | AxisOptions;

export interface AxisOptions {
  /** Column of the rows. */
  field: string;
  /** What the reader sees. @default the column's name in words */
  title?: string;
  /** Unit, put behind the title in brackets. */
  unit?: string;
  /** Powers of ten at equal distances; then all values must be above 0. @default false */
  log?: boolean;
  /** Whether the axis starts at 0. @default only for bars */
  zero?: boolean;
  /** How numbers are written, in d3's format: ".0%", "d". */
  format?: string;
}

/** An axis with everything filled in. */
export interface ResolvedAxis extends AxisOptions {
  title: string;
}

/** Fills in the rest of an axis option. */
export function resolveAxis(axis: Axis): ResolvedAxis {
  const options = typeof axis === "string" ? { field: axis } : axis;
  const title = options.title ?? inWords(options.field);
  return { ...options, title: options.unit ? `${title} (${options.unit})` : title };
}

/** `valLoss` as a reader sees it: `val loss`. */
export const inWords = (name: string): string =>
  name
    .replace(/[_-]+/g, " ")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();

/** Vega-Lite's channel for numbers on this axis. */
export function quantitative(axis: ResolvedAxis, values: readonly (number | null)[]): Record<string, unknown> {
  const { field, title, log, zero = false, format } = axis;
  const options = { ...(format !== undefined && { format }), ...(log && { values: logTicks(values) }) };
  return {
    field,
    type: "quantitative",
    title,
    scale: log ? { type: "log" } : { zero },
    ...(Object.keys(options).length > 0 && { axis: options }),
  };
}

/** Powers of ten, and where those are few 2 and 5 times those: Vega's own are so many that they make a grey curtain. */
export function logTicks(values: readonly (number | null)[]): number[] {
  const logs = values.filter((value): value is number => value !== null && value > 0).map(Math.log10);
  const [low, high] = [Math.floor(Math.min(...logs)), Math.ceil(Math.max(...logs))];
  const steps = high - low > 2 ? [1] : [1, 2, 5];
  const powers = Array.from({ length: high - low + 1 }, (_, i) => low + i);
  // Written as text first: 10 ** -3 is not 0.001 to the last digit.
  return powers.flatMap((power) => steps.map((step) => Number(`${step}e${power}`)));
}

/** The column as numbers: NaN, Infinity and what is missing become null, which a line shows as a gap. */
export function column(where: string, rows: readonly Row[], { field, log }: AxisOptions): (number | null)[] {
  if (!rows.some((row) => field in row)) {
    const known = [...new Set(rows.flatMap((row) => Object.keys(row)))].join(", ");
    throw new TypeError(`${where} found no column ${JSON.stringify(field)} in the rows. They have ${known}.`);
  }
  return rows.map((row, i) => {
    const value = (row as Record<string, unknown>)[field] ?? NaN;
    if (typeof value !== "number") {
      return refuse(where, `${field} of row ${i}`, "a number", value, { kind: TypeError });
    }
    if (log && value <= 0) {
      const remedy = "leave out log, or show a quantity that never reaches 0.";
      refuse(where, `${field} of row ${i}`, "above 0 on a log axis", value, { remedy });
    }
    return rounded(value);
  });
}

/** The rows with a place on both axes. @throws RangeError where there are none, and as `column` does */
export function placed(where: string, rows: readonly Row[], x: ResolvedAxis, y: ResolvedAxis) {
  const [xs, ys] = [column(where, rows, x), column(where, rows, y)];
  const found = rows.flatMap((row, i) => (xs[i] === null || ys[i] === null ? [] : [{ row, x: xs[i], y: ys[i] }]));
  if (found.length > 0) return found;
  throw new RangeError(`${where} found no row whose ${x.field} and ${y.field} are finite.`);
}

/** @throws TypeError where the rows are no array, RangeError where there are none */
export function checkRows(where: string, rows: readonly Row[]): void {
  if (!Array.isArray(rows)) refuse(where, "rows", "an array of rows", rows, { kind: TypeError });
  if (rows.length === 0) {
    refuse(where, "rows", "at least one row", rows, {
      remedy: "draw after the first epoch, or check the filter before.",
    });
  }
}

/** @throws TypeError where there is no title: a chart without a message is a riddle */
export function checkTitle(where: string, title: unknown): void {
  if (typeof title === "string" && title.trim() !== "") return;
  refuse(where, "title", "the chart's one message in words", title, { kind: TypeError });
}
