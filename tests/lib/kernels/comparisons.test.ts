import { describe, expect, it } from "vitest";
import { tf } from "../../../lib/src/tensorflow";
import "../../../lib/src/kernels";

describe("comparisons", () => {
  it("let no gradient through, so that masks may depend on the input", () => {
    const f = (x: tf.Tensor) =>
      tf.where(tf.logicalAnd(tf.greater(x, 0), tf.lessEqual(x, 2)), tf.square(x), tf.mul(x, 3));
    const x = tf.tensor1d([-1, 1, 2, 5]);
    expect(tf.grad(f)(x).dataSync()).toBeAllclose([3, 2, 4, 3]);
    expect(
      tf
        .grad((x) => tf.sum(tf.square(tf.grad(f)(x))))(x)
        .dataSync(),
    ).toBeAllclose([0, 8, 16, 0]);
  });
});
