import { describe, expect, it } from "vitest";
import { tf } from "../../../lib/src/tensorflow";
import { expectAsTensorFlow, opsOf } from "./against-tensorflow";

describe("exponential units", () => {
  it("equal TensorFlow's in value, gradient and second gradient", () => {
    expectAsTensorFlow("elu", tf.elu);
    expectAsTensorFlow("selu", tf.selu);
  });

  it("go back in one op", () => {
    const x = tf.tensor1d([-1, 0, 2]);
    const dy = tf.tensor1d([1, 1, 1]);
    expect(opsOf(() => tf.grad(tf.selu)(x, dy))).toEqual(["Selu", "SeluGrad"]);
    tf.dispose([x, dy]);
  });
});
