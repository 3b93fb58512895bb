/** Second gradients of pooling, which WGAN-GP and other penalties on gradients need. */
import { tf } from "../tensorflow";
import { defineGradient, defineKernel, Inputs, KernelAttributes, rawOp, runKernel } from "./raw-op";

/** `maxPool` and `avgPool` of `[batch, height, width, channels]`, differentiable any number of times. */
export function registerPooling(): void {
  // Which element was the largest does not change with dy: the gradient picks the same elements out of ddx.
  defineGradient("MaxPoolGrad", { inputs: ["dy", "input", "output"] }, (ddx, [dy, input, output], attributes) => ({
    dy: () => runKernel("MaxPoolGradGrad", { ddx, input, output }, attributes),
    input: () => tf.zerosLike(input),
    output: () => tf.zerosLike(dy),
  }));
  defineKernel("MaxPoolGradGrad", ({ ddx, input, output }: Inputs, attributes) =>
    rawOp("MaxPoolGradGrad", [input, output, ddx], window(input, attributes)),
  );
  defineGradient("MaxPoolGradGrad", { inputs: ["input", "output"] }, (dy, [input, output], attributes) => ({
    ddx: () => runKernel("MaxPoolGrad", { dy, input, output }, attributes),
    input: () => tf.zerosLike(input),
    output: () => tf.zerosLike(output),
  }));

  // Averaging is linear, so its gradient is the transposed map, and the gradient of that is averaging again.
  defineGradient("AvgPoolGrad", { inputs: ["input"] }, (ddx, [input], attributes) => ({
    dy: () => runKernel("AvgPool", { x: ddx }, attributes),
    input: () => tf.zerosLike(input),
  }));
}

function window(input: tf.Tensor, attributes: KernelAttributes) {
  const { filterSize, strides, pad, dimRoundingMode } = attributes as {
    filterSize: [number, number];
    strides: [number, number];
    pad: "valid" | "same";
    dimRoundingMode?: "floor" | "round" | "ceil";
  };
  const shape = input.shape as [number, number, number, number];
  const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  return {
    ksize: { int: [1, info.filterHeight, info.filterWidth, 1] },
    strides: { int: [1, info.strideHeight, info.strideWidth, 1] },
    padding: info.padInfo.type,
  };
}
