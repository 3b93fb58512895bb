/** Second gradients of convolutions with respect to their filters, and of depthwise ones altogether. */
import { defineGradient, KernelAttributes, runKernel } from "./raw-op";

/** `conv2d`, `depthwiseConv2d` and the layers on them, differentiable twice by every argument. */
export function registerConvolution(): void {
  // A convolution is linear in x and in the filter, so each second gradient is one of the three convolutions again.
  defineGradient("Conv2DBackpropFilter", { inputs: ["x", "dy"] }, (ddw, [x, dy], attributes) => ({
    x: () => runKernel("Conv2DBackpropInput", { dy, filter: ddw }, { ...same(attributes), inputShape: x.shape }),
    dy: () => runKernel("Conv2D", { x, filter: ddw }, { ...same(attributes), dilations: 1 }),
  }));
  defineGradient(
    "DepthwiseConv2dNativeBackpropInput",
    { inputs: ["dy", "filter"] },
    (ddx, [dy, filter], attributes) => ({
      dy: () => runKernel("DepthwiseConv2dNative", { x: ddx, filter }, attributes),
      filter: () =>
        runKernel("DepthwiseConv2dNativeBackpropFilter", { x: ddx, dy }, { ...attributes, filterShape: filter.shape }),
    }),
  );
  defineGradient("DepthwiseConv2dNativeBackpropFilter", { inputs: ["x", "dy"] }, (ddw, [x, dy], attributes) => ({
    x: () =>
      runKernel("DepthwiseConv2dNativeBackpropInput", { dy, filter: ddw }, { ...attributes, inputShape: x.shape }),
    dy: () => runKernel("DepthwiseConv2dNative", { x, filter: ddw }, attributes),
  }));
}

function same({ strides, pad, dataFormat, dimRoundingMode }: KernelAttributes): KernelAttributes {
  return { strides, pad, dataFormat, dimRoundingMode };
}
