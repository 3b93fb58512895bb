import { describe, expect, it } from "vitest";
import { tf } from "../../../lib/src/tensorflow";
import { expectAsTensorFlow } from "./against-tensorflow";

const cube = (x: tf.Tensor) => tf.mul(tf.mul(x, x), x) as tf.Tensor4D;

describe("pooling", () => {
  it("takes the largest as TensorFlow does, to the second gradient", () => {
    expectAsTensorFlow("maxPoolValid", (x) => tf.maxPool(cube(x), 2, 2, "valid"));
    expectAsTensorFlow("maxPoolSame", (x) => tf.maxPool(cube(x), 3, 2, "same"));
  });

  it("averages as TensorFlow does, to the second gradient", () => {
    expectAsTensorFlow("avgPoolValid", (x) => tf.avgPool(cube(x), 2, 2, "valid"));
    expectAsTensorFlow("avgPoolSame", (x) => tf.avgPool(cube(x), 3, 2, "same"));
  });

  it("can be differentiated three times", () => {
    const x = tf.tensor4d([1, 2, 3, 5], [1, 2, 2, 1]);
    // y = 5³ at the only maximum; its third derivative is 6.
    const third = tf.grad(tf.grad(tf.grad((x) => tf.maxPool(cube(x), 2, 2, "valid"))));
    expect(third(x).dataSync()).toBeAllclose([0, 0, 0, 6]);
  });

  it("refuses a window that is no window, as before", () => {
    expect(() => tf.maxPool(tf.zeros([2, 2]) as never, 2, 2, "valid")).toThrow(/rank 4/);
  });
});
