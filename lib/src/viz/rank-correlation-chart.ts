import { checkOptions } from "../check";
import { kendallTau, spearman } from "../nas/rank-correlation";
import { checkRows, column, resolveAxis, type Axis, type Row } from "./axis";
import { scatter } from "./scatter";
import type { VegaLiteSpec } from "./spec";

export interface RankCorrelationChartOptions {
  /** The chart's one message. */
  title: string;
  /** Column of the cheap score. */
  x: Axis;
  /** Column of the true one. */
  y: Axis;
  /** Column by which points are coloured. */
  series?: string;
}

/**
 * A cheap score beside the true one, and how far they agree on the order: Spearman's ρ and Kendall's τ in the second line.
 *
 * @throws TypeError for a missing column or title, RangeError for fewer than 2 rows with both scores
 * @example rankCorrelationChart(rows, { title: "Twelve epochs tell", x: "val12", y: "test200" })
 */
export function rankCorrelationChart(rows: readonly Row[], options: RankCorrelationChartOptions): VegaLiteSpec {
  const where = "rankCorrelationChart()";
  checkOptions(where, options, ["title", "x", "y", "series"]);
  checkRows(where, rows);
  const [xAxis, yAxis] = [options.x, options.y].map(resolveAxis);
  // With all their digits: charts round, and what is rounded alike is a tie.
  const [xs, ys] = [xAxis, yAxis].map((axis) => {
    column(where, rows, axis);
    return rows.map((row) => (row as Record<string, number>)[axis.field]);
  });
  const both = rows.map((_, i) => i).filter((i) => Number.isFinite(xs[i]) && Number.isFinite(ys[i]));
  const [x, y] = [xs, ys].map((values) => both.map((i) => values[i]));
  const subtitle = `Spearman's ρ = ${spearman(x, y).toFixed(2)}, Kendall's τ = ${kendallTau(x, y).toFixed(2)}, ${both.length} networks`;
  return scatter(
    both.map((i) => rows[i]),
    { ...options, subtitle },
  );
}
