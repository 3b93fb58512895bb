/** Batch normalisation for training as TensorFlow's fused op: one op forward and one back, instead of 16 and 15. */
import { tf } from "../tensorflow";
import { replaceCall, onlyTensor } from "./layer-class";
import { defineGradient, defineKernel, isNative, rawOps, runKernel } from "./raw-op";
import { gradientInSteps, secondGradients, standardize } from "./standardize";

const NORM = "FusedBatchNormV3";
const GRAD = "FusedBatchNormGradV3";

/** The fused op and its gradients. */
export function registerBatchNorm(): void {
  defineKernel(NORM, ({ x, scale, offset }, { epsilon }) =>
    tf.tidy(() => {
      const none = tf.tensor1d([], "float32"); // running averages, which training does not read
      return rawOps(NORM, [x, scale, offset, none, none], 6, { epsilon: { float: epsilon as number } });
    }),
  );
  // Mean and variance, outputs 1 and 2, go into running averages, which nobody differentiates.
  const outputs = [false, false, false, true, true, true];
  defineGradient(NORM, { inputs: ["x", "scale"], outputs }, (dys, [x, scale, a, b, c], attributes) => {
    const [dy] = dys as unknown as tf.Tensor[];
    const [dx, dScale, dOffset] = runKernel<tf.Tensor[]>(GRAD, { dy, x, scale, a, b, c }, attributes);
    return { x: () => dx, scale: () => dScale, offset: () => dOffset };
  });
  defineKernel(GRAD, ({ dy, x, scale, a, b, c }, { epsilon }) => {
    const attributes = { epsilon: { float: epsilon as number } };
    const [dx, dScale, dOffset, ...empty] = rawOps(GRAD, [dy, x, scale, a, b, c], 5, attributes);
    tf.dispose(empty);
    return [dx, dScale, dOffset];
  });
  defineGradient(GRAD, { inputs: ["dy", "x", "scale", "a", "b", "c"] }, (dys, saved, { epsilon }) => {
    const [dy, x, scale, a, b, c] = saved;
    const steps = (dy: tf.Tensor, x: tf.Tensor, scale: tf.Tensor) =>
      gradientInSteps(dy, x, scale, [0, 1, 2], epsilon as number);
    const [ddy, dx, dScale] = secondGradients(steps, [dy, x, scale], dys as unknown as tf.Tensor[]);
    const none = (t: tf.Tensor) => () => tf.zerosLike(t);
    return { dy: () => ddy, x: () => dx, scale: () => dScale, a: none(a), b: none(b), c: none(c) };
  });
}

export interface BatchNormalized {
  /** `[..., channels]` */
  y: tf.Tensor;
  /** `[channels]`; not differentiable. */
  mean: tf.Tensor;
  /** `[channels]`, that of the batch itself: divided by n, not n - 1; not differentiable. */
  variance: tf.Tensor;
}

/**
 * Normalises each channel over the batch: `y = scale · (x - mean) / √(variance + epsilon) + offset`.
 *
 * @param x `[..., channels]`
 * @param scale `[channels]`
 * @param offset `[channels]`
 */
export function normalizeBatch(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, epsilon = 1e-3): BatchNormalized {
  const channels = x.shape[x.rank - 1];
  if (x.rank < 3) {
    // Without pixels the fused op is three times slower than the steps (measured: tests/bench/kernels.ts).
    const { y, mean, variance } = standardize(x, scale, offset, [0], epsilon);
    return { y, mean: tf.reshape(mean, [channels]), variance: tf.reshape(variance, [channels]) };
  }
  const count = x.size / channels;
  const x4 = x.rank === 4 ? x : tf.reshape(x, [x.shape[0], count / x.shape[0], 1, channels]);
  const [y, mean, unbiased] = runKernel<tf.Tensor[]>(NORM, { x: x4, scale, offset }, { epsilon });
  const variance = count > 1 ? tf.mul(unbiased, (count - 1) / count) : unbiased;
  return { y: x.rank === 4 ? y : tf.reshape(y, x.shape), mean, variance };
}

interface Constant {
  read(): tf.Tensor;
}

interface Weight extends Constant {
  write(value: tf.Tensor): unknown;
}

interface BatchNormalization {
  axis: number;
  epsilon: number;
  momentum: number;
  gamma?: Constant;
  beta?: Constant;
  movingMean: Weight;
  movingVariance: Weight;
}

/**
 * `tf.layers.batchNormalization`: in training by the fused op, over all axes but the last; others, and other backends, stay
 * with TensorFlow.js, but for what it cannot do without scale or shift.
 */
export function registerBatchNormLayer(): void {
  replaceCall(
    "BatchNormalization",
    (original) =>
      function (this: BatchNormalization, inputs, kwargs) {
        const x = onlyTensor(inputs);
        const last = this.axis === -1 || this.axis === (x?.rank ?? 0) - 1;
        const fits = x && x.rank > 1 && last && x.dtype === "float32" && x.size > 0 && isNative();
        if (!kwargs.training || !fits) return original.call(completed(this) as never, inputs, kwargs);
        return tf.tidy(() => {
          const { gamma, beta } = completed(this);
          const { y, mean, variance } = normalizeBatch(x, gamma!.read(), beta!.read(), this.epsilon);
          follow(this.movingMean, mean, this.momentum);
          follow(this.movingVariance, variance, this.momentum);
          return y;
        });
      } as typeof original,
  );
}

/**
 * The layer with a scale of ones and a shift of zeros where it has none: TensorFlow.js reads both in training, and gradients
 * through its layer in use fail without a scale.
 */
function completed(layer: BatchNormalization): BatchNormalization {
  if (layer.gamma && layer.beta) return layer;
  const constant = (make: (shape: number[]) => tf.Tensor) => ({ read: () => make(layer.movingMean.read().shape) });
  const { gamma = constant(tf.ones), beta = constant(tf.zeros) } = layer;
  const own = { gamma, beta, scale: true, center: true };
  return Object.create(layer, Object.getOwnPropertyDescriptors(own)) as BatchNormalization;
}

function follow(average: Weight, value: tf.Tensor, momentum: number): void {
  const old = average.read();
  average.write(tf.sub(old, tf.mul(tf.sub(old, value), 1 - momentum)));
}
