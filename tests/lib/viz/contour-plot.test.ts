import { describe, expect, it } from "vitest";
import { contourPlot, type ContourPlotOptions } from "../../../lib/src/viz";
import { renderSvg } from "../../../lib/src/viz/svg";

interface Line {
  height: number;
  x: number[];
  y: number[];
}
interface Step {
  path: string;
  step: number;
  x: number | null;
  y: number | null;
}
const layers = (chart: object) => (chart as { layer: { data: { values: object[] }; encoding: object }[] }).layer;
const lines = (chart: object) => layers(chart)[0].data.values as Line[];
const steps = (chart: object) => layers(chart)[1].data.values as Step[];
const heights = (chart: object) => [...new Set(lines(chart).map(({ height }) => height))];

const bowl = (x: number, y: number) => x * x + y * y;
const options: ContourPlotOptions = { title: "t", x: [-2, 2], y: [-2, 2], resolution: 41 };

describe("contourPlot", () => {
  it("draws the surface's lines at the heights asked for", () => {
    const chart = contourPlot(bowl, { ...options, levels: [1, 2.25] });
    expect(lines(chart).map(({ height }) => height)).toEqual([1, 2.25]);
    const radii = lines(chart).map(({ x, y }) => x.map((value, i) => Math.hypot(value, y[i])));
    // A circle of radius 1 and one of 1.5, within the chart's four digits and the error of interpolation.
    expect(radii[0]).toBeAllclose(
      radii[0].map(() => 1),
      { atol: 3e-3 },
    );
    expect(radii[1]).toBeAllclose(
      radii[1].map(() => 1.5),
      { atol: 3e-3 },
    );
  });

  it("chooses heights with equal shares of the area between them", () => {
    // The plane x from 0 to 8 at 9 points: the quarters of the area end at a height of 2, 4, 6; a line in the middle of each.
    const plane = { ...options, x: [0, 8] as const, y: [0, 8] as const, resolution: 9 };
    expect(heights(contourPlot((x) => x, { ...plane, levels: 4 }))).toEqual([1, 3, 5, 7]);
    // The same heights in another order.
    expect(heights(contourPlot((x) => (7 * x) % 9, { ...plane, levels: 4 }))).toEqual([1, 3, 5, 7]);
    expect(heights(contourPlot((x) => x ** 3, { ...plane, levels: 4 }))).toEqual([1, 27, 125, 343]);
  });

  it("draws nothing twice where many points are equally high", () => {
    const step = contourPlot((x) => (x > 0 ? 1 : 0), { ...options, levels: 10 });
    expect(lines(step).map(({ height }) => height)).toEqual([1]);
  });

  it("walks each path in its order, with a ring where it starts", () => {
    const chart = contourPlot(bowl, {
      ...options,
      paths: {
        down: [
          [1, 1],
          [0.5, 0.5],
          [2, 0],
        ],
        up: [[0, 1]],
      },
    });
    expect(steps(chart)).toEqual([
      { path: "down", step: 0, x: 1, y: 1 },
      { path: "down", step: 1, x: 0.5, y: 0.5 },
      { path: "down", step: 2, x: 2, y: 0 },
      { path: "up", step: 0, x: 0, y: 1 },
    ]);
    expect(layers(chart)[1].encoding).toMatchObject({ order: { field: "step" } });
    expect((layers(chart)[2].data.values as Step[]).map(({ path, step }) => [path, step])).toEqual([
      ["down", 0],
      ["up", 0],
    ]);
    expect(layers(contourPlot(bowl, options))).toHaveLength(1);
  });

  it("says how high each path starts and ends, and where the lines are", () => {
    const { description } = contourPlot(bowl, {
      ...options,
      levels: [1, 4],
      paths: {
        SGD: [
          [1, 1],
          [0.5, 0],
        ],
      },
    });
    expect(description).toBe("t. Lines of equal height from 1 to 4; SGD from 2 to 0.25 in 1 steps.");
  });

  it("keeps its range where a path leaves it, and leaves out steps that are not finite", () => {
    const chart = contourPlot(bowl, {
      ...options,
      paths: {
        away: [
          [1, 1],
          [50, 0],
          [NaN, Infinity],
        ],
      },
    });
    expect(layers(chart)[1].encoding).toMatchObject({ x: { scale: { domain: [-2, 2] } } });
    expect(layers(chart)[1]).toMatchObject({ mark: { clip: true } });
    expect(steps(chart)[2]).toEqual({ path: "away", step: 2, x: null, y: null });
    expect(renderSvg(chart)).not.toMatch(/NaN|Infinity/);
  });

  it("draws lines in the order of their points, and axes by name", () => {
    const chart = contourPlot(bowl, { ...options, levels: [1], axes: ["w₁", "w₂"] });
    const svg = renderSvg(chart);
    const [, path] = /mark-line[^>]*><path [^>]*d="([^"]*)"/.exec(svg) ?? [];
    // Neighbours on a circle of about 115 by 65 pixels are a few apart; sorted by x, the line would jump up and down.
    const points = path.match(/-?[\d.]+,-?[\d.]+/g)!.map((point) => point.split(",").map(Number));
    const jumps = points.slice(1).map(([x, y], i) => Math.hypot(x - points[i][0], y - points[i][1]));
    expect(points.length).toBeGreaterThan(40);
    expect(Math.max(...jumps)).toBeLessThan(20);
    expect(svg).toContain(">w₁</text>");
    expect(svg).toContain(">w₂</text>");
  });

  it("is small enough for a notebook with the default resolution", () => {
    const chart = contourPlot(bowl, { title: "t", x: [-2, 2], y: [-2, 2] });
    expect(JSON.stringify(chart).length).toBeLessThan(40_000);
  });

  it.each<[string, () => unknown, string]>([
    ["no surface", () => contourPlot(3 as never, options), "contourPlot() wants surface to be a function, got 3."],
    ["no title", () => contourPlot(bowl, { ...options, title: "" }), "the chart's one message"],
    ["an empty range", () => contourPlot(bowl, { ...options, x: [1, 1] }), "x to be a range [low, high] of finite"],
    ["no range", () => contourPlot(bowl, { ...options, y: undefined } as never), "y to be a range [low, high]"],
    ["a coarse grid", () => contourPlot(bowl, { ...options, resolution: 4 }), "an integer from 8 to 256"],
    ["no levels", () => contourPlot(bowl, { ...options, levels: 0 }), "levels to be an integer from 1 to 50"],
    ["a level that is none", () => contourPlot(bowl, { ...options, levels: [1, NaN] }), "got NaN at 1"],
    [
      "levels out of reach",
      () => contourPlot(bowl, { ...options, levels: [-1] }),
      "contourPlot() wants levels to be heights that the surface crosses, got [-1]. Remedy: a flat surface",
    ],
    ["a flat surface", () => contourPlot(() => 1, options), "heights that the surface crosses"],
    ["a surface of NaN", () => contourPlot(() => NaN, options), "a surface with finite heights, got none"],
    [
      "a path of no points",
      () => contourPlot(bowl, { ...options, paths: { SGD: [] } }),
      "the path SGD to be one point",
    ],
    ["a path of numbers", () => contourPlot(bowl, { ...options, paths: { SGD: [1, 2] } } as never), "the path SGD"],
    ["an unknown option", () => contourPlot(bowl, { ...options, level: 3 } as never), "did you mean levels?"],
  ])("refuses %s", (_, run, message) => {
    expect(run).toThrow(message);
  });
});
