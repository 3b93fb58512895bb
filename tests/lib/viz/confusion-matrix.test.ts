import { describe, expect, it } from "vitest";
import { tf } from "../../../lib/src/tensorflow";
import { confusionMatrix } from "../../../lib/src/viz";

interface Cell {
  true: string;
  predicted: string;
  count: number;
  share: number;
  shade: number;
}
const layers = (chart: object) => (chart as { layer: { data: { values: object[] } }[] }).layer;
const cells = (chart: object) => layers(chart)[0].data.values as Cell[];
const counts = (chart: object) => cells(chart).map(({ count }) => count);

describe("confusionMatrix", () => {
  // The example of scikit-learn's documentation of confusion_matrix.
  const [truth, guesses] = [
    [2, 0, 2, 2, 0, 1],
    [0, 0, 2, 2, 0, 2],
  ];

  it("counts like scikit-learn: rows are true classes, columns predicted ones", () => {
    expect(counts(confusionMatrix(truth, guesses, { title: "t" }))).toEqual([2, 0, 0, 0, 0, 1, 1, 0, 2]);
  });

  it("shades each cell by its share of the row, errors on a scale of their own", () => {
    const { shade, share } = cells(confusionMatrix(truth, guesses, { title: "t" }))[8];
    expect([shade, share]).toEqual([0.667, 0.667]);
    // All of class 1 were taken for 2, a third of class 2 for 0: the most frequent error is -1.
    expect(cells(confusionMatrix(truth, guesses, { title: "t" })).map((cell) => cell.shade)).toEqual([
      1, 0, 0, 0, 0, -1, -0.333, 0, 0.667,
    ]);
  });

  it("tells in its text how many are right and what is mixed up most", () => {
    const chart = confusionMatrix([0, 0, 1, 1], [0, 1, 0, 0], { title: "t", classes: ["cat", "dog"] });
    expect(chart.description).toContain("1 of 4 right (25.0 %); most frequent errors: dog taken for cat 2×");
  });

  it("takes scores as well, of which the highest counts", () => {
    const before = tf.memory().numTensors;
    const scores = tf.tensor2d([
      [0.1, 0.9],
      [0.8, 0.2],
    ]);
    expect(counts(confusionMatrix(Int32Array.of(1, 1), scores, { title: "t" }))).toEqual([0, 0, 1, 1]);
    scores.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("draws a class that never occurs", () => {
    const chart = confusionMatrix([0, 2], [0, 2], { title: "t" });
    expect(counts(chart)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  it("refuses labels out of range and lists of different lengths", () => {
    expect(() => confusionMatrix([0, 1], [0], { title: "t" })).toThrow(
      "predictions to be 2 values, one for each label",
    );
    expect(() => confusionMatrix([0, 2], [0, 1], { title: "t", classes: ["a", "b"] })).toThrow("got 2 at 1");
    expect(() => confusionMatrix([0.5], [0], { title: "t" })).toThrow("an integer");
    expect(() => confusionMatrix([], [], { title: "t" })).toThrow("at least one number");
  });
});
