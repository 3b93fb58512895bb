import { describe, it } from "vitest";
import { tf } from "../../../lib/src/tensorflow";
import { CaseName, expectAsTensorFlow } from "./against-tensorflow";

const cube = (x: tf.Tensor) => tf.mul(tf.mul(x, x), x) as tf.Tensor4D;
type Resize = typeof tf.image.resizeBilinear;

describe("resizing", () => {
  const cases: [CaseName, Resize, boolean, boolean][] = [
    ["nearest", tf.image.resizeNearestNeighbor, false, false],
    ["nearestHalfPixel", tf.image.resizeNearestNeighbor, false, true],
    ["bilinear", tf.image.resizeBilinear, false, false],
    ["bilinearHalfPixel", tf.image.resizeBilinear, false, true],
    ["bilinearAligned", tf.image.resizeBilinear, true, false],
  ];
  it.each(cases)("%s equals TensorFlow's in value, gradient and second gradient", (name, resize, aligned, half) => {
    expectAsTensorFlow(name, (x) => resize(cube(x), [9, 12], aligned, half));
  });
});
