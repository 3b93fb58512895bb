import { checkFinite, checkFunction, checkInteger, checkOptions, refuse } from "../check";
import { checkTitle } from "./axis";
import { contourLines, type HeightGrid, type Point } from "./contour-lines";
import { rounded, shortNumber } from "./numbers";
import { chart, type VegaLiteSpec } from "./spec";

export interface ContourPlotOptions {
  /** The chart's one message. */
  title: string;
  /** What is drawn along the bottom, from and to. */
  x: readonly [low: number, high: number];
  /** What is drawn upwards, from and to. */
  y: readonly [low: number, high: number];
  /**
   * Ways over the surface by name, such as the steps of an optimizer, one point or more each. What lies outside is cut off,
   * what is NaN or infinite left out. @default none
   */
  paths?: Record<string, readonly Point[]>;
  /** How many heights have a line, with equal shares of the area between them; or the heights themselves. @default 12 */
  levels?: number | readonly number[];
  /** The surface is asked at `resolution`² points. @default 61 */
  resolution?: number;
  /** Titles of the two axes. @default ["x", "y"] */
  axes?: readonly [string, string];
  /** A second, smaller line. @default none */
  subtitle?: string;
}

/**
 * A surface seen from above, as lines of equal height, stronger where it is lower, and ways over it: how an optimizer walks
 * on a loss. Each way starts at a ring; every step is a dot.
 *
 * @param surface height at a point; NaN or infinite where there is none
 * @throws TypeError for a missing title or surface; RangeError for an empty range, a way without points, a surface that is
 *   finite nowhere or equally high everywhere, and levels that it does not reach
 * @example contourPlot((x, y) => x * x + 10 * y * y, { title: "A ravine", x: [-4, 4], y: [-1, 1], paths: { SGD: steps } })
 */
export function contourPlot(surface: (x: number, y: number) => number, options: ContourPlotOptions): VegaLiteSpec {
  const where = "contourPlot()";
  checkOptions(where, options, ["title", "x", "y", "paths", "levels", "resolution", "axes", "subtitle"]);
  const { title, subtitle, paths = {}, levels = 12, resolution = 61, axes = ["x", "y"] } = options;
  checkTitle(where, title);
  checkFunction(where, "surface", surface);
  checkInteger(where, "resolution", resolution, { min: 8, max: 256 });
  const [xs, ys] = [steps(where, "x", options.x, resolution), steps(where, "y", options.y, resolution)];
  const grid = { xs, ys, heights: ys.map((y) => xs.map((x) => surface(x, y))) };
  checkPaths(where, paths);
  const heights = chooseLevels(where, grid, levels);
  const lines = heights.flatMap((height) =>
    contourLines(grid, height).map((points) => ({ height: rounded(height, 4), points })),
  );
  if (lines.length === 0) {
    const remedy = "a flat surface has no lines; else choose levels between its lowest and its highest point.";
    refuse(where, "levels", "heights that the surface crosses", heights, { remedy });
  }
  const channel = (field: string, name: string, domain: readonly [number, number]) => ({
    field,
    type: "quantitative",
    title: name,
    scale: { domain: [...domain], nice: false, zero: false },
    axis: { grid: false },
  });
  const place = { x: channel("x", axes[0], options.x), y: channel("y", axes[1], options.y) };
  const order = { field: "step", type: "quantitative" };
  const way = { field: "path", type: "nominal", title: null, sort: null, legend: { symbolOpacity: 1 } };
  const walked = Object.entries(paths).flatMap(([path, points]) =>
    points.map(([x, y], step) => ({ path, step, x: rounded(x, 4), y: rounded(y, 4) })),
  );
  return chart({
    title,
    subtitle,
    description: describePlot(surface, heights, paths),
    layer: [
      {
        // One row a line, not a point: a quarter of the text.
        data: {
          values: lines.map(({ height, points }, line) => ({
            ...{ line, height },
            x: points.map(([x]) => rounded(x, 4)),
            y: points.map(([, y]) => rounded(y, 4)),
          })),
        },
        transform: [{ flatten: ["x", "y"] }],
        mark: { type: "line", order: false, strokeWidth: 1, color: "#888888", clip: true },
        encoding: {
          ...place,
          detail: { field: "line" },
          opacity: {
            field: "height",
            type: "ordinal",
            scale: { range: [0.9, 0.25] },
            legend: null,
          },
        },
      },
      ...(walked.length === 0
        ? []
        : [
            {
              data: { values: walked },
              mark: { type: "line", strokeWidth: 2, clip: true, point: { size: 16, opacity: 0.9 } },
              encoding: { ...place, order, color: way },
            },
            {
              data: { values: walked.filter(({ step }) => step === 0) },
              mark: { type: "point", filled: false, size: 120, strokeWidth: 1.5, color: "#888888" },
              encoding: place,
            },
          ]),
    ],
  });
}

function steps(where: string, name: string, range: readonly [number, number], count: number): number[] {
  const [low, high] = Array.isArray(range) ? (range as [number, number]) : [NaN, NaN];
  if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) {
    refuse(where, name, "a range [low, high] of finite numbers", range);
  }
  return Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
}

function chooseLevels(where: string, { heights }: HeightGrid, levels: number | readonly number[]): number[] {
  if (Array.isArray(levels)) {
    checkFinite(where, "levels", levels as number[]);
    return [...(levels as number[])];
  }
  const count = checkInteger(where, "levels", levels, { min: 1, max: 50 });
  const sorted = heights
    .flat()
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  if (sorted.length === 0) throw new RangeError(`${where} wants a surface with finite heights, got none.`);
  const chosen = Array.from({ length: count }, (_, i) => sorted[Math.floor((sorted.length * (i + 0.5)) / count)]);
  return [...new Set(chosen)];
}

function checkPaths(where: string, paths: Record<string, readonly Point[]>): void {
  for (const [name, points] of Object.entries(paths)) {
    if (!Array.isArray(points) || points.length === 0 || !points.every((point) => point.length === 2)) {
      refuse(where, `the path ${name}`, "one point [x, y] or more", points);
    }
  }
}

function describePlot(
  surface: (x: number, y: number) => number,
  heights: number[],
  paths: Record<string, readonly Point[]>,
): string {
  const ends = Object.entries(paths).map(([name, points]) => {
    const [from, to] = [points[0], points.at(-1)!].map((point) => shortNumber(surface(point[0], point[1])));
    return `${name} from ${from} to ${to} in ${points.length - 1} steps`;
  });
  const range = `${shortNumber(Math.min(...heights))} to ${shortNumber(Math.max(...heights))}`;
  return `Lines of equal height from ${range}${ends.length > 0 ? `; ${ends.join(", ")}` : ""}.`;
}
