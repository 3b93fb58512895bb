import { checkOptions } from "../check";
import { checkRows, checkTitle, inWords, placed, quantitative, resolveAxis, type Axis, type Row } from "./axis";
import { shortNumber } from "./numbers";
import { chart, type VegaLiteSpec } from "./spec";
import { note } from "./theme";

export interface ScatterOptions {
  /** The chart's one message. */
  title: string;
  x: Axis;
  y: Axis;
  /** Column by which points are coloured: a class, or the run they belong to. */
  series?: string;
  /** Column with a name to write beside each point. */
  label?: string;
  /** A second, smaller line. */
  subtitle?: string;
}

/**
 * A point for each row. Rows whose place is not finite can't be drawn; the subtitle says how many there are.
 *
 * @throws TypeError for a missing column or title, RangeError for no rows or none that can be drawn
 * @example scatter(points, { title: "Two moons", x: "x", y: "y", series: "class" })
 */
export function scatter(rows: readonly Row[], options: ScatterOptions): VegaLiteSpec {
  const where = "scatter()";
  checkOptions(where, options, ["title", "x", "y", "series", "label", "subtitle"]);
  const { title, series, label } = options;
  checkTitle(where, title);
  checkRows(where, rows);
  const [x, y] = [resolveAxis(options.x), resolveAxis(options.y)];
  const drawn = placed(where, rows, x, y);
  const [xs, ys] = [drawn.map((point) => point.x), drawn.map((point) => point.y)];
  const missing = rows.length - drawn.length;
  const named = (row: Row, field?: string) =>
    field === undefined ? {} : { [field]: String((row as Record<string, unknown>)[field]) };
  const range = (values: number[]) => `${shortNumber(Math.min(...values))} to ${shortNumber(Math.max(...values))}`;
  const encoding = {
    x: quantitative(x, xs),
    y: quantitative(y, ys),
    ...(series && { color: { field: series, type: "nominal", title: inWords(series), sort: null } }),
  };
  const points = { mark: { type: "point", opacity: drawn.length > 300 ? 0.5 : 0.85 } };
  const names = {
    mark: { ...note, dx: 7 },
    encoding: { text: { field: label } },
  };
  return chart({
    title,
    subtitle: missing > 0 ? `${missing} of ${rows.length} points are not finite and not shown` : options.subtitle,
    description: `${drawn.length} points: ${x.title} from ${range(xs)}, ${y.title} from ${range(ys)}.`,
    data: {
      values: drawn.map((point) => ({
        [x.field]: point.x,
        [y.field]: point.y,
        ...named(point.row, series),
        ...named(point.row, label),
      })),
    },
    encoding,
    ...(label === undefined ? points : { layer: [points, names] }),
  });
}
