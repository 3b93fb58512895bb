import { describe, expect, it } from "vitest";
import { oneHot } from "../../../lib/src/data/one-hot";
import { tf } from "../../../lib/src/tensorflow";

describe("oneHot", () => {
  it("puts a one in the label's column", () => {
    const rows = oneHot([2, 0], 3);
    expect([rows.shape, rows.dtype]).toEqual([[2, 3], "float32"]);
    expect(rows.arraySync()).toEqual([
      [0, 0, 1],
      [1, 0, 0],
    ]);
    expect(oneHot(tf.tensor1d([1], "int32"), 2).arraySync()).toEqual([[0, 1]]);
  });

  it("refuses labels out of range and numbers that are no labels, and leaks nothing", () => {
    const wrong = tf.tensor1d([1.5]);
    const before = tf.memory().numTensors;
    expect(() => oneHot([0, 3], 3)).toThrow(
      "oneHot() wants labels to be labels from 0 to 2 for 3 classes, got 3 at 1.",
    );
    expect(() => oneHot([0, -1], 3)).toThrow("got -1 at 1.");
    expect(() => oneHot([0.5], 3)).toThrow("got 0.5 at 0.");
    expect(() => oneHot(wrong, 3)).toThrow("a tensor of int32, got a tensor of float32 [1]. Remedy: labels.toInt().");
    expect(() => oneHot([0], 0)).toThrow("oneHot() wants classes to be an integer from 1 up, got 0.");
    expect(tf.memory().numTensors).toBe(before);
  });
});
