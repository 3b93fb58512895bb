import { describe, expect, it } from "vitest";
import { standardize } from "../../../lib/src/kernels/standardize";
import { tf } from "../../../lib/src/tensorflow";
import { expectAsTensorFlow, inputsOf } from "./against-tensorflow";

const close = { atol: 1e-4, rtol: 1e-4 };

describe("standardize", () => {
  it("equals TensorFlow's normalisations along either axis, to the second gradient", () => {
    const along = (axis: number) => (x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor) =>
      tf.tidy(() => standardize(x, scale, offset, [axis], 1e-3).y);
    expectAsTensorFlow("layerNorm", along(1), close);
    expectAsTensorFlow("batchNorm2d", along(0), close);
  });

  it("tells mean and variance along the axes", () => {
    const [x, scale, offset] = inputsOf("layerNorm"); // [4, 6]
    const { mean, variance } = standardize(x, scale, offset, [1], 1e-3);
    const wanted = tf.moments(x, 1, true);
    expect([mean.shape, variance.shape]).toEqual([
      [4, 1],
      [4, 1],
    ]);
    expect(mean.dataSync()).toBeAllclose(wanted.mean.dataSync());
    expect(variance.dataSync()).toBeAllclose(wanted.variance.dataSync());
  });
});
