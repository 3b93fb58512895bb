import { describe, expect, it } from "vitest";
import type { CurveRow } from "../../../lib/src/viz/curves";
import { learningCurves } from "../../../lib/src/viz/learning-curves";
import { history } from "./history";

interface Drawn {
  metric: string;
  run?: string;
  data: string;
  x: number;
  y: number | null;
  low?: number;
  high?: number;
}

const drawn = (chart: object) => (chart as { data: { values: Drawn[] } }).data.values;
const losses = (values: number[]): CurveRow[] => values.map((loss, i) => ({ epoch: i + 1, loss }));

describe("learningCurves", () => {
  it("draws one panel for loss alone and two with accuracy", () => {
    expect(learningCurves(losses([2, 1]))).not.toHaveProperty("hconcat");
    expect(learningCurves(history(1)).hconcat).toHaveLength(2);
  });

  it("puts more than two panels into rows of two, which fit a notebook's column", () => {
    const { hconcat, concat, columns } = learningCurves([{ epoch: 1, loss: 2, accuracy: 0.5, gradient: 3 }], {
      metrics: ["loss", "accuracy", "gradient"],
    });
    expect([hconcat, (concat as unknown[]).length, columns]).toEqual([undefined, 3, 2]);
  });

  it("names parts of an epoch where there is no more than one, and whole epochs elsewhere", () => {
    const axisOf = (epochs: number) => {
      const steps = Array.from({ length: 40 }, (_, i) => ({ epoch: ((i + 1) * epochs) / 41, step: i + 1, loss: 1 }));
      const { encoding } = learningCurves({ rows: losses([1]), steps }, { detail: "step" });
      return (encoding as { x: { axis?: object } }).x.axis;
    };
    expect(axisOf(1)).toBeUndefined();
    expect(axisOf(3)).toMatchObject({ format: "~d", tickMinStep: 1 });
  });

  it("keeps every epoch of training and validation", () => {
    const rows = drawn(
      learningCurves([
        { epoch: 1, loss: 2, valLoss: 3 },
        { epoch: 2, loss: 1, valLoss: 2.5 },
      ]),
    );
    expect(rows.map(({ data, x, y }) => [data, x, y])).toEqual([
      ["training", 1, 2],
      ["training", 2, 1],
      ["validation", 1, 3],
      ["validation", 2, 2.5],
    ]);
  });

  it("marks every epoch where there are few, and leaves the marks to the chart where there are many", () => {
    const marks = (epochs: number) => {
      const chart = learningCurves(losses(Array.from({ length: epochs }, (_, i) => 1 / (i + 1))));
      return (chart as unknown as { encoding: { x: { axis: { values?: number[] } } } }).encoding.x.axis.values;
    };
    expect([marks(2), marks(13)]).toEqual([[1, 2], undefined]);
  });

  it("draws seeds as their mean with a band from lowest to highest", () => {
    const chart = learningCurves({ SGD: [losses([1, 4]), losses([2, 5]), losses([6, 6])] });
    expect(drawn(chart)).toEqual([
      expect.objectContaining({ run: "SGD", x: 1, y: 3, low: 1, high: 6 }),
      expect.objectContaining({ run: "SGD", x: 2, y: 5, low: 4, high: 6 }),
    ]);
    expect(chart.title).toMatchObject({ subtitle: "mean of 3 seeds, band from lowest to highest" });
  });

  it("ends the mean where the shortest seed ends, so that it doesn't jump", () => {
    expect(drawn(learningCurves({ a: [losses([1, 2, 3]), losses([3, 4])] })).map(({ y }) => y)).toEqual([2, 3]);
  });

  it("breaks the line where the loss is not finite, and says when that was", () => {
    const chart = learningCurves(losses([1, NaN, Infinity, 2]));
    expect(drawn(chart).map(({ y }) => y)).toEqual([1, null, null, 2]);
    expect(chart.title).toMatchObject({ subtitle: "loss is not finite at epoch 2" });
    expect(chart.description).toContain("2 not finite");
  });

  it("draws validation that is measured less often without breaks", () => {
    const rows: CurveRow[] = [
      { epoch: 1, loss: 3 },
      { epoch: 2, loss: 2, valLoss: 2.2 },
      { epoch: 3, loss: 1 },
    ];
    expect(drawn(learningCurves(rows)).filter(({ data }) => data === "validation")).toEqual([
      expect.objectContaining({ x: 2, y: 2.2 }),
    ]);
  });

  it("follows the steps by means of equally many", () => {
    const steps = Array.from({ length: 250 }, (_, i) => ({ epoch: i / 100, step: i + 1, loss: i }));
    const chart = learningCurves({ rows: losses([9]), steps }, { detail: "step", x: "step" });
    // Three steps a point: 0, 1, 2 have the mean 1; the last point has only step 250 with the loss 249.
    expect(drawn(chart)).toHaveLength(84);
    expect(drawn(chart)[0]).toMatchObject({ x: 2, y: 1 });
    expect(drawn(chart).at(-1)).toMatchObject({ x: 250, y: 249 });
    expect(chart.title).toMatchObject({ subtitle: "training: means of 3 steps" });
  });

  it("keeps the number of points of long trainings within 500, spikes included", () => {
    const long = Array.from({ length: 20_000 }, (_, i) => (i === 12_345 ? 99 : 1 / (i + 1)));
    const rows = drawn(learningCurves(losses(long)));
    expect(rows.length).toBeLessThanOrEqual(500);
    expect(Math.max(...rows.map(({ y }) => y!))).toBe(99);
  });

  it("refuses what it can't draw, and says what would help", () => {
    expect(() => learningCurves([])).toThrow("at least one row");
    expect(() => learningCurves({ SGD: 3 as never })).toThrow("rows of a history");
    expect(() => learningCurves([{ epoch: 1, error: 1 }])).toThrow(
      'no column "loss" in the rows. They have epoch, error',
    );
    expect(() => learningCurves(losses([1]), { metrics: ["f1"] })).toThrow('no column "f1"');
    expect(() => learningCurves(losses([1]), { titel: "x" } as never)).toThrow("no option titel");
    expect(() => learningCurves(losses([1]), { title: "" })).toThrow("one message");
    expect(() => learningCurves(losses([1]), { x: "hour" as never })).toThrow('"epoch" or "step" or "seconds"');
  });
});
