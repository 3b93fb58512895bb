import { checkOptions } from "../check";
import { checkRows, checkTitle, column, inWords, resolveAxis, type Axis, type Row } from "./axis";
import { shortNumber } from "./numbers";
import { chart, type VegaLiteSpec } from "./spec";
import { note } from "./theme";

export interface BarChartOptions {
  /** The chart's one message. */
  title: string;
  /** Column of the names, one bar each, in the order of the rows. */
  x: Axis;
  /** Column of the bars' lengths. Bars start at 0; with `zero: false` there are dots instead, near each other or not. */
  y: Axis;
  /** Column with the half length of an error bar, such as a standard deviation. */
  spread?: string;
  /** Column by which bars are coloured. */
  series?: string;
  /** A second, smaller line. */
  subtitle?: string;
}

/**
 * Horizontal bars with their names on the left, where long names fit, and their values at the right end. A spread of 0 is
 * not written.
 *
 * @throws TypeError for a missing column or title, RangeError for no rows and for NaN: a bar has no length then
 * @example barChart(runs, { title: "Adam is ahead", x: "optimizer", y: { field: "accuracy", unit: "%" }, spread: "std" })
 */
export function barChart(rows: readonly Row[], options: BarChartOptions): VegaLiteSpec {
  const where = "barChart()";
  checkOptions(where, options, ["title", "x", "y", "spread", "series", "subtitle"]);
  const { title, subtitle, series, spread } = options;
  checkTitle(where, title);
  checkRows(where, rows);
  const [name, length] = [resolveAxis(options.x), resolveAxis({ ...axisOf(options.y), log: false })];
  const dots = length.zero === false;
  const lengths = finiteColumn(where, rows, length.field);
  const spreads = spread === undefined ? undefined : finiteColumn(where, rows, spread);
  const values: Record<string, string | number>[] = rows.map((row, i) => ({
    [name.field]: String((row as Record<string, unknown>)[name.field]),
    [length.field]: lengths[i],
    text: shortNumber(lengths[i]) + (spreads?.[i] ? ` ± ${shortNumber(spreads[i])}` : ""),
    ...(spreads && { low: lengths[i] - spreads[i], high: lengths[i] + spreads[i] }),
    // To the right of whatever is drawn: of a bar that goes to the left, at 0.
    end: Math.max(lengths[i] + (spreads?.[i] ?? 0), dots ? -Infinity : 0),
    ...(series !== undefined && { [series]: String((row as Record<string, unknown>)[series]) }),
  }));
  const color = series && { field: series, type: "nominal", title: inWords(series), sort: null };
  const marks = {
    mark: dots ? { type: "point", size: 90, opacity: 1 } : { type: "bar", height: { band: 0.7 } },
    encoding: color ? { color } : {},
  };
  return chart({
    title,
    subtitle,
    description: `${dots ? "Dots" : "Bars"} of ${length.title}: ${values.map((row) => `${row[name.field]} ${row.text}`).join(", ")}.`,
    height: { step: 28 },
    data: { values },
    encoding: {
      y: { field: name.field, type: "nominal", title: name.title, sort: null },
      x: {
        field: length.field,
        type: "quantitative",
        title: length.title,
        scale: { zero: !dots },
        axis: { grid: true },
      },
    },
    layer: [
      ...(dots ? [...errorBars(spreads), marks] : [marks, ...errorBars(spreads)]),
      {
        mark: { ...note, dx: 6 },
        encoding: { text: { field: "text" }, x: { field: "end" } },
      },
    ],
  });
}

const errorBars = (spreads: number[] | undefined): object[] =>
  spreads === undefined
    ? []
    : [
        {
          mark: { type: "rule", color: "#888888", strokeWidth: 2 },
          encoding: { x: { field: "low" }, x2: { field: "high" } },
        },
      ];

const axisOf = (axis: Axis) => (typeof axis === "string" ? { field: axis } : axis);

function finiteColumn(where: string, rows: readonly Row[], field: string): number[] {
  return column(where, rows, { field }).map((value, i) => {
    if (value !== null) return value;
    throw new RangeError(
      `${where} wants ${field} to be finite, row ${i} is not. Remedy: leave the row out and say so.`,
    );
  });
}
