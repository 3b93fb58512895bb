import { describe, expect, it } from "vitest";
import { tf } from "../../../lib/src/tensorflow";
import { expectAsTensorFlow, opsOf } from "./against-tensorflow";

const cube = (x: tf.Tensor) => tf.mul(tf.mul(x, x), x);

describe("sum, mean and tile", () => {
  it("equal TensorFlow's in value, gradient and second gradient", () => {
    expectAsTensorFlow("sum", (x) => tf.sum(cube(x), [0, 2]));
    expectAsTensorFlow("sumKept", (x) => tf.sum(cube(x), 1, true));
    expectAsTensorFlow("mean", (x) => tf.mean(cube(x), -1));
    expectAsTensorFlow("meanOfAll", (x) => tf.mean(cube(x)));
    expectAsTensorFlow("tile", (x) => tf.tile(cube(x), [2, 1, 3]));
  });

  it("go back without uploading ones, and without a loop over copies", () => {
    const x = tf.ones([30, 2]);
    const dy = tf.ones([30]);
    expect(opsOf(() => tf.grad((x) => tf.sum(x, 1))(x, dy))).toEqual(["Sum", "Reshape", "BroadcastTo"]);
    const many = opsOf(() => tf.grad((x) => tf.tile(x, [50, 1]))(x, tf.ones([1500, 2])));
    expect(many).toEqual(["Tile", "Reshape", "Sum", "Reshape"]);
    tf.dispose([x, dy]);
  });

  it("give a scalar its gradient", () => {
    expect(
      tf
        .grad((x: tf.Tensor) => tf.sum(tf.square(x)))(tf.scalar(3))
        .dataSync(),
    ).toBeAllclose([6]);
  });
});
