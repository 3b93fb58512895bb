import * as tf from "@tensorflow/tfjs-node-gpu";

/** What the kernel is called with, as TensorFlow.js' own kernels of this name are. */
interface Attributes {
  strides: [number, number] | number;
  pad: "valid" | "same" | number | tf.backend_util.ExplicitPadding;
  dataFormat: "NHWC" | "NCHW";
  dimRoundingMode?: "floor" | "round" | "ceil";
  filterShape: [number, number, number, number];
}

/**
 * The gradient of a convolution with respect to its filter, by matrix products alone: for every place (i, j) of the filter
 * `dW[i, j] = Xᵢⱼᵀ · dY`, where Xᵢⱼ holds the pixels that this place was laid on. What WebAssembly lacks; in plain
 * JavaScript it takes a hundred times as long.
 *
 * @param x `[batch, height, width, channels]`
 * @param dy `[batch, outHeight, outWidth, filters]`
 * @returns `[filterHeight, filterWidth, channels, filters]`
 */
export function conv2dFilterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, attributes: Attributes): tf.Tensor4D {
  const { strides, pad, dataFormat, dimRoundingMode, filterShape } = attributes;
  if (dataFormat === "NCHW") throw new Error("conv2d trains in channels-last layout alone on WebAssembly.");
  const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode);
  const { top, bottom, left, right } = info.padInfo;
  const { batchSize, outHeight, outWidth, inChannels, strideHeight, strideWidth } = info;
  return tf.tidy(() => {
    const padded = tf.pad(x, [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]);
    const rows = dy.reshape([-1, info.outChannels]); // [batch · outHeight · outWidth, filters]
    const [height, width] = [(outHeight - 1) * strideHeight + 1, (outWidth - 1) * strideWidth + 1];
    const places: tf.Tensor[] = [];
    for (let i = 0; i < info.filterHeight; i++) {
      for (let j = 0; j < info.filterWidth; j++) {
        const window = padded.slice([0, i, j, 0], [batchSize, height, width, inChannels]);
        const whole = strideHeight === 1 && strideWidth === 1;
        const under = whole
          ? window
          : window.stridedSlice([0, 0, 0, 0], window.shape, [1, strideHeight, strideWidth, 1]);
        places.push(tf.matMul(under.reshape([-1, inChannels]), rows, true)); // [channels, filters]
      }
    }
    return tf.stack(places).reshape(filterShape);
  });
}
