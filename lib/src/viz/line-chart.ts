import { checkOptions } from "../check";
import {
  checkRows,
  checkTitle,
  column,
  inWords,
  quantitative,
  resolveAxis,
  type Axis,
  type ResolvedAxis,
  type Row,
} from "./axis";
import { downsample, pointsPerLine } from "./downsample";
import { shortNumber } from "./numbers";
import { chart, type VegaLiteSpec } from "./spec";

export interface LineChartOptions {
  /** The chart's one message. */
  title: string;
  /** Column along the bottom: epochs, steps, seconds. */
  x: Axis;
  /** Column of the heights. */
  y: Axis;
  /** Column that says to which line a row belongs; each gets a colour. */
  series?: string;
  /** A second, smaller line. */
  subtitle?: string;
  /** Marks each row with a dot. @default up to 30 rows a line */
  points?: boolean;
  /** Joins the rows of a line as they come, not from left to right: for a way that turns back. @default false */
  path?: boolean;
}

/** One line's rows, as drawn. */
interface Line {
  name?: string;
  x: (number | null)[];
  y: (number | null)[];
}

/**
 * Lines over a common axis, such as losses over epochs. A line breaks where its height is NaN, infinite or missing, and of
 * charts with more than 500 points those that shape them are drawn (see `downsample`).
 *
 * @throws TypeError for a missing column or title, RangeError for no rows, and for a log axis with values from 0 down
 * @example lineChart(history.rows, { title: "Adam needs three epochs", x: "epoch", y: "loss" })
 */
export function lineChart(rows: readonly Row[], options: LineChartOptions): VegaLiteSpec {
  const where = "lineChart()";
  checkOptions(where, options, ["title", "x", "y", "series", "subtitle", "points", "path"]);
  const { title, series, subtitle, path = false } = options;
  checkTitle(where, title);
  checkRows(where, rows);
  const [x, y] = [resolveAxis(options.x), resolveAxis(options.y)];
  const lines = split(where, rows, x, y, series);
  const limit = pointsPerLine(lines.length);
  const longest = Math.max(...lines.map((line) => line.x.length));
  const color = series && { field: series, type: "nominal", title: inWords(series), sort: null };
  return chart({
    title,
    subtitle,
    description: describeLines(lines, x, y),
    data: { values: lines.flatMap((line) => drawnRows(line, limit, x, y, { series, path })) },
    mark: { type: "line", point: options.points ?? longest <= 30 },
    encoding: {
      x: quantitative(
        x,
        lines.flatMap((line) => line.x),
      ),
      y: quantitative(
        y,
        lines.flatMap((line) => line.y),
      ),
      ...(color && { color }),
      ...(path && { order: { field: "row", type: "quantitative" } }),
    },
  });
}

function split(where: string, rows: readonly Row[], x: ResolvedAxis, y: ResolvedAxis, series?: string): Line[] {
  const [xs, ys] = [column(where, rows, x), column(where, rows, y)];
  if (series === undefined) return [{ x: xs, y: ys }];
  const lines = new Map<string, Line>();
  rows.forEach((row, i) => {
    const name = String((row as Record<string, unknown>)[series]);
    const line = lines.get(name) ?? { name, x: [], y: [] };
    line.x.push(xs[i]);
    line.y.push(ys[i]);
    lines.set(name, line);
  });
  return [...lines.values()];
}

const drawnRows = (
  line: Line,
  limit: number,
  x: ResolvedAxis,
  y: ResolvedAxis,
  { series, path }: { series?: string; path: boolean },
): Record<string, unknown>[] =>
  downsample(line.y, limit).map((i) => ({
    [x.field]: line.x[i],
    [y.field]: line.y[i],
    ...(series !== undefined && { [series]: line.name }),
    ...(path && { row: i }),
  }));

function describeLines(lines: Line[], x: ResolvedAxis, y: ResolvedAxis): string {
  const told = lines.slice(0, 8).map(({ name, y: ys }) => `${name === undefined ? "" : `${name} `}${span(ys)}`);
  const more = lines.length > 8 ? `, and ${lines.length - 8} more` : "";
  return `Lines of ${y.title} over ${x.title}: ${told.join(", ")}${more}.`;
}

/** `2.31 → 0.08 in 10 points`, with a warning where the line breaks. */
export function span(values: readonly (number | null)[]): string {
  const finite = values.filter((value): value is number => value !== null);
  if (finite.length === 0) return "no finite value";
  const gaps = values.length - finite.length;
  const ends =
    finite.length === 1 ? shortNumber(finite[0]) : `${shortNumber(finite[0])} → ${shortNumber(finite.at(-1)!)}`;
  return `${ends} in ${values.length} points${gaps > 0 ? `, ${gaps} not finite` : ""}`;
}
