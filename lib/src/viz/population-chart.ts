import { checkOptions, refuse } from "../check";
import { checkTitle, quantitative, resolveAxis, type AxisOptions } from "./axis";
import { rounded, shortNumber } from "./numbers";
import { chart, type VegaLiteSpec } from "./spec";
import { palette } from "./theme";

/** What the chart needs of an evaluated candidate. */
export interface Generational {
  readonly score: number;
  readonly generation?: number;
}

export interface PopulationChartOptions {
  /** The chart's one message. */
  title: string;
  /** What the scores are. @default "score" */
  y?: string | Omit<AxisOptions, "field">;
  /** A second, smaller line. @default what is drawn, and how many have failed */
  subtitle?: string;
}

/**
 * The candidates of each generation by their scores, with the mean of a generation and the best so far as lines.
 *
 * @throws RangeError where no candidate has both a generation and a score
 * @example populationChart(search.history, { title: "The population moves up" })
 */
export function populationChart(history: readonly Generational[], options: PopulationChartOptions): VegaLiteSpec {
  const where = "populationChart()";
  checkOptions(where, options, ["title", "y", "subtitle"]);
  checkTitle(where, options.title);
  const given = typeof options.y === "string" ? { title: options.y } : options.y;
  const y = resolveAxis({ title: "score", ...given, field: "score" });
  const drawn = history.flatMap(({ score, generation }) =>
    generation !== undefined && Number.isFinite(score) ? [{ generation, score: rounded(score)! }] : [],
  );
  if (drawn.length === 0) {
    refuse(where, "history", "candidates with a generation and a score", history, {
      remedy: "of a search that has generations, such as geneticSearch().",
    });
  }
  const generations = [...new Set(drawn.map(({ generation }) => generation))].sort((a, b) => a - b);
  let best = -Infinity;
  const lines = generations.flatMap((generation) => {
    const scores = drawn.filter((row) => row.generation === generation).map(({ score }) => score);
    best = Math.max(best, ...scores);
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    return [
      { generation, line: "best so far", score: rounded(best)! },
      { generation, line: "mean of the generation", score: rounded(mean)! },
    ];
  });
  const failed = history.length - drawn.length;
  const height = quantitative(
    y,
    drawn.map(({ score }) => score),
  );
  const few = generations.length <= 12 && { axis: { values: generations, format: "d" } };
  const [first, last] = [lines[1], lines[lines.length - 1]];
  return chart({
    title: options.title,
    subtitle: options.subtitle ?? (failed > 0 ? `${failed} of ${history.length} candidates have no score` : undefined),
    description:
      `${drawn.length} candidates of ${generations.length} generations. Mean ${y.title}: ` +
      `${shortNumber(first.score)} → ${shortNumber(last.score)}, best ${shortNumber(best)}.`,
    encoding: { x: { ...quantitative(resolveAxis("generation"), generations), ...few }, y: height },
    layer: [
      { data: { values: drawn }, mark: { type: "point", opacity: 0.45, color: palette[6] } },
      {
        data: { values: lines },
        mark: { type: "line" },
        encoding: { color: { field: "line", type: "nominal", title: null, sort: null } },
      },
    ],
  });
}
