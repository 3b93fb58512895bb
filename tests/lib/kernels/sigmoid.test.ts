import { describe, expect, it } from "vitest";
import { tf } from "../../../lib/src/tensorflow";
import { expectAsTensorFlow, opsOf } from "./against-tensorflow";

describe("sigmoid and tanh", () => {
  it("equal TensorFlow's in value, gradient and second gradient", () => {
    expectAsTensorFlow("sigmoid", tf.sigmoid);
    expectAsTensorFlow("tanh", tf.tanh);
    expectAsTensorFlow("silu", (x) => tf.mul(x, tf.sigmoid(x)));
  });

  it("go back in one op", () => {
    const x = tf.tensor1d([-1, 0, 2]);
    const dy = tf.tensor1d([1, 1, 1]);
    expect(opsOf(() => tf.grad(tf.sigmoid)(x, dy))).toEqual(["Sigmoid", "SigmoidGrad"]);
    expect(opsOf(() => tf.grad(tf.tanh)(x, dy))).toEqual(["Tanh", "TanhGrad"]);
    tf.dispose([x, dy]);
  });
});
