import { describe, expect, it } from "vitest";
import { tf } from "../../../lib/src/tensorflow";
import { expectAsTensorFlow, opsOf } from "./against-tensorflow";

describe("rectifiers", () => {
  it("equal TensorFlow's in value, gradient and second gradient", () => {
    expectAsTensorFlow("relu", tf.relu);
    expectAsTensorFlow("relu6", (x) => tf.relu6(tf.mul(x, 20)), { rtol: 2e-4 });
    expectAsTensorFlow("leakyRelu", (x) => tf.leakyRelu(x, 0.2));
  });

  it("go back in one op, without uploading ones", () => {
    const x = tf.tensor1d([-1, 0, 2]);
    const dy = tf.tensor1d([1, 1, 1]);
    expect(opsOf(() => tf.grad(tf.relu)(x, dy)).filter((name) => name !== "Identity")).toEqual(["Relu", "ReluGrad"]);
    expect(opsOf(() => tf.grad((x) => tf.leakyRelu(x))(x, dy))).toEqual(["LeakyRelu", "LeakyReluGrad"]);
    tf.dispose([x, dy]);
  });

  it("have gradient 0 at 0 and below", () => {
    expect(
      tf
        .grad(tf.relu)(tf.tensor1d([-3, 0, 1e-20, 3]))
        .dataSync(),
    ).toBeAllclose([0, 0, 1, 1]);
  });

  it("refuse what is no number, as before", () => {
    expect(() => tf.relu("x" as never)).toThrow(/Argument 'x' passed to 'relu'/);
  });
});

describe("step", () => {
  it("is 1 above 0, alpha below and at 0, and NaN for NaN", () => {
    const x = [-2, 0, 3, NaN];
    expect([...tf.step(x).dataSync()]).toEqual([0, 0, 1, NaN]);
    expect([...tf.step(x, 0.5).dataSync()]).toEqual([0.5, 0.5, 1, NaN]);
    expect([...tf.step(x, -1).dataSync()]).toEqual([-1, -1, 1, NaN]);
  });
});
