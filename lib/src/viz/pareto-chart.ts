import { checkOptions } from "../check";
import { paretoFront } from "../nas/pareto-front";
import { checkRows, checkTitle, inWords, placed, quantitative, resolveAxis, type Axis, type Row } from "./axis";
import { shortNumber } from "./numbers";
import { chart, type VegaLiteSpec } from "./spec";
import { note, palette } from "./theme";

export interface ParetoChartOptions {
  /** The chart's one message. */
  title: string;
  /** Column of the costs, which should be small: parameters, seconds. */
  x: Axis;
  /** Column of the worth, which should be large: accuracy. */
  y: Axis;
  /** Column by which points are coloured. */
  series?: string;
  /** Column with a name to write beside the points that have one. */
  label?: string;
  /** A second, smaller line. @default how many are on the front */
  subtitle?: string;
}

/**
 * What networks cost and what they are worth, with the Pareto front: those that no other beats in both. Rows with a cost or
 * worth that is not finite, such as failures, are left out.
 *
 * @throws TypeError for a missing column or title, RangeError for no rows or none that can be drawn
 * @example paretoChart(rows, { title: "Twice the size, half a point", x: { field: "parameters", log: true }, y: "accuracy" })
 */
export function paretoChart(rows: readonly Row[], options: ParetoChartOptions): VegaLiteSpec {
  const where = "paretoChart()";
  checkOptions(where, options, ["title", "x", "y", "series", "label", "subtitle"]);
  const { title, series, label } = options;
  checkTitle(where, title);
  checkRows(where, rows);
  const [x, y] = [resolveAxis(options.x), resolveAxis(options.y)];
  const points = placed(where, rows, x, y).map((point) => {
    const own = point.row as Record<string, unknown>;
    const named = (field?: string) => (field && own[field] !== undefined ? { [field]: String(own[field]) } : {});
    return { [x.field]: point.x, [y.field]: point.y, ...named(series), ...named(label) };
  });
  const at = (field: string) => (point: Record<string, unknown>) => point[field] as number;
  const front = paretoFront(points, at(x.field), at(y.field)).map((i) => points[i]);
  const told = [front[0], front[front.length - 1]].map(
    (point) => `${shortNumber(at(x.field)(point))} with ${shortNumber(at(y.field)(point))}`,
  );
  // The colours of the palette belong to the series, where there are any.
  const frontColor = series ? "#888888" : palette[1];
  const color = series && { color: { field: series, type: "nominal", title: inWords(series), sort: null } };
  return chart({
    title,
    subtitle: options.subtitle ?? `line: the Pareto front, ${front.length} of ${points.length} networks`,
    description: `${points.length} networks, ${y.title} over ${x.title}; the front goes from ${told.join(" to ")}.`,
    encoding: { x: quantitative(x, points.map(at(x.field))), y: quantitative(y, points.map(at(y.field))) },
    layer: [
      {
        data: { values: points },
        mark: { type: "point", opacity: points.length > 300 ? 0.4 : 0.7 },
        encoding: { ...color },
      },
      {
        data: { values: front },
        mark: { type: "line", interpolate: "step-after", color: frontColor, point: { color: frontColor } },
      },
      ...(label
        ? [
            {
              data: { values: points.filter((point) => label in point) },
              mark: { ...note, dx: 7 },
              encoding: { text: { field: label } },
            },
          ]
        : []),
    ],
  });
}
