import { describe, expect, it } from "vitest";
import { contourLines, type HeightGrid, type Point } from "../../../lib/src/viz/contour-lines";

/** A surface over a square grid from -`half` to `half`. */
function over(half: number, size: number, surface: (x: number, y: number) => number): HeightGrid {
  const along = Array.from({ length: size }, (_, i) => -half + (2 * half * i) / (size - 1));
  return { xs: along, ys: along, heights: along.map((y) => along.map((x) => surface(x, y))) };
}

/** One square with corners at 0 and 1; heights from the lower left, row by row. */
const square = (...[a, b, c, d]: number[]): HeightGrid => ({
  ...{ xs: [0, 1], ys: [0, 1] },
  heights: [
    [a, b],
    [c, d],
  ],
});

/** Lines without direction and order. */
const sorted = (lines: Point[][]) => lines.map((line) => line.map(String).sort().join(" to ")).sort();

describe("contourLines", () => {
  it("goes straight over a plane, exactly where the height is, as one line", () => {
    // x + 2 y = 1: a plane is what interpolation along an edge assumes.
    const [line, ...others] = contourLines(
      over(2, 6, (x, y) => x + 2 * y),
      1,
    );
    expect(others).toEqual([]);
    expect(line.map(([x, y]) => x + 2 * y)).toBeAllclose(
      line.map(() => 1),
      { atol: 1e-12 },
    );
    // It leaves the square of ±2 at the left, (-2, 1.5), and at the right, (2, -0.5).
    const ends = [line[0], line.at(-1)!].sort(([a], [b]) => a - b);
    expect(ends.flat()).toBeAllclose([-2, 1.5, 2, -0.5], { atol: 1e-12 });
  });

  it("goes round a circle once, closes it, and is where it should be to the square of the grid's step", () => {
    const [circle, ...others] = contourLines(
      over(2, 41, (x, y) => x * x + y * y),
      1,
    );
    expect(others).toEqual([]);
    expect(circle[0]).toEqual(circle.at(-1));
    expect(new Set(circle.map(String)).size).toBe(circle.length - 1);
    // Between two points of a grid with step h, x² lies under its chord by h² / 4 at most; half of that in the radius.
    const radii = circle.map(([x, y]) => Math.hypot(x, y));
    expect(radii).toBeAllclose(
      radii.map(() => 1),
      { atol: 0.1 ** 2 / 8 + 1e-9, rtol: 0 },
    );
    // All the way round: the angles between neighbours add up to 2 π.
    const turn = circle
      .slice(1)
      .map(([x, y], i) => Math.atan2(circle[i][0] * y - circle[i][1] * x, circle[i][0] * x + circle[i][1] * y));
    expect(Math.abs(turn.reduce((sum, angle) => sum + angle, 0))).toBeAllclose(2 * Math.PI);
  });

  it("has two branches at a saddle, in other quarters above it and below it", () => {
    // x · y over a grid without a point at 0. Above 0: lower left and upper right; below: the other two.
    const saddle = over(1, 8, (x, y) => x * y);
    for (const level of [0.1, -0.1]) {
      const lines = contourLines(saddle, level);
      expect(lines).toHaveLength(2);
      for (const [x, y] of lines.flat()) expect(x * y * level).toBeGreaterThan(0);
      expect(lines.map((line) => Math.sign(line[0][0])).sort()).toEqual([-1, 1]);
    }
  });

  it("chooses the way through a square with two high corners by the mean of all four", () => {
    // Lower left and upper right are 1, the others 0. Level 0.4: the mean of 0.5 is above it, and the low corners are cut
    // off. Level 0.6: the high corners are. Crossings lie at 1 - level from the high corner.
    expect(sorted(contourLines(square(1, 0, 0, 1), 0.4))).toEqual(["0,0.6 to 0.4,1", "0.6,0 to 1,0.4"]);
    expect(sorted(contourLines(square(1, 0, 0, 1), 0.6))).toEqual(["0,0.4 to 0.4,0", "0.6,1 to 1,0.6"]);
    expect(sorted(contourLines(square(0, 1, 1, 0), 0.4))).toEqual(["0,0.4 to 0.4,0", "0.6,1 to 1,0.6"]);
    expect(sorted(contourLines(square(0, 1, 1, 0), 0.6))).toEqual(["0,0.6 to 0.4,1", "0.6,0 to 1,0.4"]);
  });

  it("stays one line where it runs through points of the grid", () => {
    // 1 + (0.1 - 1) is not 0.1 to the last digit, and from the other side it is: the point must be taken from the grid.
    const xs = [-0.5, 0.1, 1];
    const diamond = [
      [0, 1, 0],
      [1, 2, 1],
      [0, 1, 0],
    ];
    const lines = contourLines({ xs, ys: xs, heights: diamond }, 1);
    expect(sorted(lines)).toEqual(["-0.5,0.1 to 0.1,-0.5 to 0.1,-0.5 to 0.1,1 to 1,0.1"]);
    expect(contourLines({ xs, ys: xs, heights: diamond }, 2)).toEqual([]);
  });

  it("leaves out squares that are not finite, and heights that are not reached", () => {
    expect(contourLines(square(0, NaN, 0, 1), 0.5)).toEqual([]);
    expect(contourLines(square(0, 1, Infinity, 1), 0.5)).toEqual([]);
    expect(contourLines(square(0, 1, 0, 1), 2)).toEqual([]);
    expect(contourLines(square(3, 3, 3, 3), 3)).toEqual([]);
  });
});
