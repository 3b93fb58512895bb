import { describe, expect, it } from "vitest";
import { tf } from "../../../lib/src/tensorflow";
import { decisionBoundary } from "../../../lib/src/viz";

interface Strip {
  x: number;
  x2: number;
  y: number;
  kind: string;
}
interface Point {
  class: string;
  answer: string;
}
const layers = (chart: object) => (chart as { layer: { data: { values: object[] } }[] }).layer;
const strips = (chart: object) => layers(chart)[0].data.values as Strip[];
const points = (chart: object) => layers(chart)[1].data.values as Point[];

const corners = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const options = { title: "t", resolution: 8 };
/** The probability of class 1 is 0 left of one half and 1 right of it. */
const rightHalf = (x: tf.Tensor2D) => tf.cast(tf.greater(tf.slice2d(x, [0, 0], [-1, 1]), 0.5), "float32");

describe("decisionBoundary", () => {
  it("parts the plane where the classifier changes its mind", () => {
    // The corners with their margin of 0.08 span -0.08 to 1.08: the middle is at one half, and the left strip reaches a
    // fifth of a cell (1.16 / 8 / 5 = 0.029) under the right one.
    const areas = strips(decisionBoundary(rightHalf, corners, [0, 0, 1, 1], options));
    expect(areas).toHaveLength(16);
    expect(areas[0]).toMatchObject({ x: -0.08, x2: 0.529, kind: "0.3" });
    expect(areas[1]).toMatchObject({ x: 0.5, x2: 1.08, kind: "1.3" });
  });

  it("marks points on the wrong side and counts the rest", () => {
    const chart = decisionBoundary(rightHalf, corners, [0, 1, 1, 1], options);
    expect(points(chart).map(({ answer }) => answer)).toEqual(["right", "wrong", "right", "right"]);
    expect(chart.title).toMatchObject({ subtitle: "3 of 4 points on the right side (75.0 %)" });
  });

  it("turns scores into shares by softmax and tints by how sure they are", () => {
    // softmax([0, ln 4]) = [0.2, 0.8]: class 1, in the tint for 0.75 to 0.9.
    const sure = (x: tf.Tensor2D) => tf.tile(tf.tensor2d([[0, Math.log(4)]]), [x.shape[0], 1]);
    const kinds = strips(decisionBoundary(sure, corners, [0, 0, 1, 1], options)).map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(["1.2"]));
  });

  it("asks a model as well", () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2], activation: "softmax" })] });
    expect(strips(decisionBoundary(model, corners, [0, 1, 2, 2], options)).length).toBeGreaterThanOrEqual(8);
    model.dispose();
  });

  it("leaves no tensor behind, not even when it fails", () => {
    const before = tf.memory().numTensors;
    const x = tf.tensor2d(corners);
    decisionBoundary(rightHalf, x, Int32Array.of(0, 0, 1, 1), options);
    const broken = () => decisionBoundary((p) => tf.mul(p, NaN), x, [0, 0, 1, 1], options);
    expect(broken).toThrow("look at the loss: the training has diverged");
    x.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("refuses points, labels and scores that don't fit together", () => {
    expect(() => decisionBoundary(rightHalf, corners, [0], options)).toThrow("of shape [1, 2]");
    expect(() => decisionBoundary(rightHalf, [[NaN, 0]], [0], options)).toThrow("points to be finite");
    expect(() => decisionBoundary((x) => tf.sum(x), corners, [0, 0, 1, 1], options)).toThrow("[64, classes]");
    expect(() => decisionBoundary(rightHalf, corners, [0, 0, 1, 1], { ...options, classes: ["a"] })).toThrow("labels");
  });
});
