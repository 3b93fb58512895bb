import { checkOptions, refuse } from "../check";
import { checkTitle, quantitative, resolveAxis, type AxisOptions } from "./axis";
import { downsample, pointsPerLine } from "./downsample";
import { rounded, shortNumber } from "./numbers";
import { chart, type VegaLiteSpec } from "./spec";

/** For each search its runs, each with a value after every evaluation: see `nas.bestSoFar()`. */
export type SearchRuns = Readonly<Record<string, readonly (readonly number[])[]>>;

export interface SearchCurvesOptions {
  /** The chart's one message. */
  title: string;
  /** What the values are. @default "best so far" */
  y?: string | Omit<AxisOptions, "field">;
  /** Leave out the evaluations before this one, from 1 up: the first are all low, and press the rest together. @default 1 */
  from?: number;
  /** A second, smaller line. @default what the bands are, where there is more than one run */
  subtitle?: string;
}

/**
 * How good the best is after so many evaluations: for each search the median of its runs as a line and the middle half of
 * them as a band. Runs that ended earlier keep their last value.
 *
 * @throws RangeError for no runs, or `from` beyond their end
 * @example searchCurves({ random: runs.map((run) => nas.bestSoFar(run.history)) }, { title: "Slow but sure" })
 */
export function searchCurves(searches: SearchRuns, options: SearchCurvesOptions): VegaLiteSpec {
  const where = "searchCurves()";
  checkOptions(where, options, ["title", "y", "from", "subtitle"]);
  const { title, from = 1 } = options;
  checkTitle(where, title);
  const given = typeof options.y === "string" ? { title: options.y } : options.y;
  const y = resolveAxis({ title: "best so far", ...given, field: "median" });
  const names = Object.keys(searches);
  if (names.length === 0) refuse(where, "searches", "at least one", searches);
  const length = Math.max(...names.flatMap((name) => searches[name].map((run) => run.length)));
  if (!(length >= from)) refuse(where, "from", `an evaluation up to ${Math.max(0, length)}`, from);
  const limit = pointsPerLine(names.length);
  const lines = names.map((name) => {
    const rows = Array.from({ length: length - from + 1 }, (_, i) => quartiles(searches[name], from + i - 1));
    return {
      name,
      rows: downsample(
        rows.map((row) => row.median),
        limit,
      ).map((i) => ({ search: name, evaluations: from + i, ...rows[i] })),
    };
  });
  const values = lines.flatMap(({ rows }) => rows);
  const several = names.some((name) => searches[name].length > 1);
  const height = quantitative(
    y,
    values.flatMap(({ low, high }) => [low, high]),
  );
  const color = { field: "search", type: "nominal", title: "search", sort: null, legend: { symbolOpacity: 1 } };
  const ends = lines.map(({ name, rows }) => `${name} ${shortNumber(rows[rows.length - 1].median ?? NaN)}`);
  return chart({
    title,
    subtitle: options.subtitle ?? (several ? "line: median of the runs · band: the middle half of them" : undefined),
    description: `${y.title} after ${length} evaluations: ${ends.join(", ")}.`,
    data: { values },
    encoding: { x: quantitative(resolveAxis("evaluations"), [from, length]), color },
    layer: [
      ...(several
        ? [
            {
              mark: { type: "area", opacity: 0.18, line: false },
              encoding: { y: { ...height, field: "low", stack: null }, y2: { field: "high" } },
            },
          ]
        : []),
      { mark: { type: "line" }, encoding: { y: height } },
    ],
  });
}

function quartiles(runs: readonly (readonly number[])[], at: number): Record<"low" | "median" | "high", number | null> {
  const sorted = runs
    .flatMap((run) => (run.length === 0 ? [] : [run[Math.min(at, run.length - 1)]]))
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const quantile = (share: number): number | null => {
    const place = share * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    return sorted.length === 0 ? null : rounded(low + (place - Math.floor(place)) * (high - low));
  };
  return { low: quantile(0.25), median: quantile(0.5), high: quantile(0.75) };
}
