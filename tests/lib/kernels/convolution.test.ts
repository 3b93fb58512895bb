import { describe, it } from "vitest";
import { tf } from "../../../lib/src/tensorflow";
import { expectAsTensorFlow } from "./against-tensorflow";

describe("convolutions", () => {
  it("equal TensorFlow's to the second gradient, by image and by filter", () => {
    expectAsTensorFlow("conv2d", (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, "same"));
    expectAsTensorFlow("depthwiseConv2d", (x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "same"));
  });
});
