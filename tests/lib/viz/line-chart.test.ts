import { describe, expect, it } from "vitest";
import { lineChart } from "../../../lib/src/viz/line-chart";

const values = (chart: object) => (chart as { data: { values: object[] } }).data.values;
const axis = (chart: object, name: "x" | "y") =>
  (chart as { encoding: Record<string, { title: string; scale: object; axis?: { values?: number[] } }> }).encoding[
    name
  ];

describe("lineChart", () => {
  it("keeps only the columns that it draws, with the digits that can be seen", () => {
    const rows = [{ step: 1, loss: 0.30000001192092896, other: "x" }];
    expect(values(lineChart(rows, { title: "t", x: "step", y: "loss" }))).toEqual([{ step: 1, loss: 0.3 }]);
  });

  it("names its axes in words, with units", () => {
    const rows = [{ valLoss: 1, time: 2 }];
    const chart = lineChart(rows, { title: "t", x: { field: "time", unit: "s" }, y: "valLoss" });
    expect([axis(chart, "x").title, axis(chart, "y").title]).toEqual(["time (s)", "val loss"]);
  });

  it("breaks where a height is NaN, infinite or missing, and counts those", () => {
    const rows = [{ x: 0, y: 1 }, { x: 1, y: NaN }, { x: 2, y: -Infinity }, { x: 3 }, { x: 4, y: 2 }];
    const chart = lineChart(rows, { title: "t", x: "x", y: "y" });
    expect(values(chart).map((row) => (row as { y: number | null }).y)).toEqual([1, null, null, null, 2]);
    expect(chart.description).toBe("t. Lines of y over x: 1 → 2 in 5 points, 3 not finite.");
  });

  it("gives each series its own line, in the order of the rows", () => {
    const rows = [
      { run: "b", x: 0, y: 1 },
      { run: "a", x: 0, y: 2 },
      { run: "b", x: 1, y: 3 },
    ];
    const chart = lineChart(rows, { title: "t", x: "x", y: "y", series: "run" });
    expect(values(chart)).toEqual([rows[0], rows[2], rows[1]].map(({ run, x, y }) => ({ x, y, run })));
    expect(chart.description).toContain("b 1 → 3 in 2 points, a 2 in 1 points");
  });

  it("follows a path as its rows come, also where it turns back", () => {
    const way = [
      { x: 0, y: 0 },
      { x: 2, y: 1 },
      { x: 1, y: 2 },
    ];
    const chart = lineChart(way, { title: "t", x: "x", y: "y", path: true });
    expect(values(chart)).toEqual(way.map((row, i) => ({ ...row, row: i })));
    expect(chart.encoding).toMatchObject({ order: { field: "row", type: "quantitative" } });
    expect(lineChart(way, { title: "t", x: "x", y: "y" }).encoding).not.toHaveProperty("order");
  });

  it("puts round ticks on a log axis: powers of ten, or 1, 2 and 5 times those where they are few", () => {
    const ticks = (y: number[]) =>
      axis(
        lineChart(
          y.map((v, x) => ({ x, y: v })),
          { title: "t", x: "x", y: { field: "y", log: true } },
        ),
        "y",
      ).axis?.values;
    expect(ticks([0.002, 3])).toEqual([0.001, 0.01, 0.1, 1, 10]);
    expect(ticks([2, 30])).toEqual([1, 2, 5, 10, 20, 50, 100, 200, 500]);
  });

  it("refuses rows without the column, values of the wrong kind and a log axis at 0", () => {
    const options = { title: "t", x: "x", y: "y" };
    expect(() => lineChart([], options)).toThrow("at least one row");
    expect(() => lineChart([{ x: 1, loss: 2 }], options)).toThrow('no column "y" in the rows. They have x, loss.');
    expect(() => lineChart([{ x: 1, y: "2" }], options)).toThrow('y of row 0 to be a number, got "2"');
    expect(() => lineChart([{ x: 1, y: 0 }], { ...options, y: { field: "y", log: true } })).toThrow(
      "above 0 on a log axis",
    );
    expect(() => lineChart([{ x: 1, y: 1 }], { x: "x", y: "y" } as never)).toThrow("one message");
  });
});
