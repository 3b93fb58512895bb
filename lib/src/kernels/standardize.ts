/** Mean 0 and variance 1 along some axes, in few ops, with the gradient by formula: for layer norm and flat batch norm. */
import { tf } from "../tensorflow";
import { defineGradient, defineKernel, rawOp, runKernel } from "./raw-op";
import { gradientsWithin } from "./tape";

/** What `standardize` gives. Only y is differentiable. */
export interface Standardized {
  y: tf.Tensor;
  /** Along the axes, kept as 1. */
  mean: tf.Tensor;
  variance: tf.Tensor;
}

/**
 * `y = scale · (x - mean) / √(variance + epsilon) + offset`, with mean and variance along axes.
 *
 * @param x `[..., features]`
 * @param scale `[features]`
 * @param offset `[features]`
 */
export function standardize(
  x: tf.Tensor,
  scale: tf.Tensor,
  offset: tf.Tensor,
  axes: number[],
  epsilon: number,
): Standardized {
  const [y, , , mean, variance] = runKernel<tf.Tensor[]>("Standardize", { x, scale, offset }, { axes, epsilon });
  return { y, mean, variance };
}

/** The kernels behind it. */
export function registerStandardize(): void {
  defineKernel("Standardize", ({ x, scale, offset }, { axes, epsilon }) =>
    tf.tidy(() => {
      const mean = reduce("Mean", x, axes);
      const variance = reduce("Mean", rawOp("SquaredDifference", [x, mean]), axes);
      const inverse = rawOp("Rsqrt", [rawOp("AddV2", [variance, tf.scalar(epsilon as number)])]);
      const normal = rawOp("Mul", [rawOp("Sub", [x, mean]), inverse]);
      return [rawOp("AddV2", [rawOp("Mul", [normal, scale]), offset]), normal, inverse, mean, variance];
    }),
  );
  const saved = { inputs: ["x", "scale"], outputs: [false, true, true, false, false] };
  defineGradient("Standardize", saved, (dys, [x, scale, normal, inverse], attributes) => {
    const [dy] = dys as unknown as tf.Tensor[];
    const inputs = { dy, x, scale, normal, inverse };
    const [dx, dScale, dOffset] = runKernel<tf.Tensor[]>("StandardizeGrad", inputs, attributes);
    return { x: () => dx, scale: () => dScale, offset: () => dOffset };
  });
  defineKernel("StandardizeGrad", ({ dy, scale, normal, inverse }, { axes }) =>
    tf.tidy(() => {
      const products = rawOp("Mul", [dy, normal]);
      const scaled = rawOp("Mul", [dy, scale]);
      const along = rawOp("Mul", [normal, reduce("Mean", rawOp("Mul", [products, scale]), axes)]);
      const centred = rawOp("Sub", [scaled, reduce("Mean", scaled, axes)]);
      const dx = rawOp("Mul", [inverse, rawOp("Sub", [centred, along])]);
      return [dx, reduce("Sum", products, rowsOf(dy), false), reduce("Sum", dy, rowsOf(dy), false)];
    }),
  );
  defineGradient(
    "StandardizeGrad",
    { inputs: ["dy", "x", "scale", "normal", "inverse"] },
    (dys, tensors, attributes) => {
      const [dy, x, scale, normal, inverse] = tensors;
      const { axes, epsilon } = attributes as { axes: number[]; epsilon: number };
      const steps = (dy: tf.Tensor, x: tf.Tensor, scale: tf.Tensor) => gradientInSteps(dy, x, scale, axes, epsilon);
      const [ddy, dx, dScale] = secondGradients(steps, [dy, x, scale], dys as unknown as tf.Tensor[]);
      const none = (t: tf.Tensor) => () => tf.zerosLike(t);
      return { dy: () => ddy, x: () => dx, scale: () => dScale, normal: none(normal), inverse: none(inverse) };
    },
  );
}

/**
 * What the gradient kernels compute, in steps that have gradients themselves.
 *
 * Ioffe and Szegedy: Batch normalization. ICML 2015, section 3; Ba, Kiros and Hinton: Layer normalization. 2016.
 *
 * @returns the gradients by x, scale and offset
 */
export function gradientInSteps(
  dy: tf.Tensor,
  x: tf.Tensor,
  scale: tf.Tensor,
  axes: number[],
  epsilon: number,
): tf.Tensor[] {
  const { mean, variance } = tf.moments(x, axes, true);
  const inverse = tf.rsqrt(tf.add(variance, epsilon));
  const normal = tf.mul(tf.sub(x, mean), inverse);
  const scaled = tf.mul(dy, scale);
  const along = tf.mul(normal, tf.mean(tf.mul(scaled, normal), axes, true));
  const dx = tf.mul(inverse, tf.sub(tf.sub(scaled, tf.mean(scaled, axes, true)), along));
  const rows = rowsOf(dy);
  return [dx, tf.sum(tf.mul(dy, normal), rows), tf.sum(dy, rows)];
}

/** Gradients of several results together, each weighed, by the inputs of what computes them. */
export function secondGradients(
  compute: (dy: tf.Tensor, x: tf.Tensor, scale: tf.Tensor) => tf.Tensor[],
  inputs: [tf.Tensor, tf.Tensor, tf.Tensor],
  weights: tf.Tensor[],
): tf.Tensor[] {
  const objective = (...[dy, x, scale]: tf.Tensor[]) =>
    tf.addN(compute(dy, x, scale).map((result, i) => tf.sum(tf.mul(result, weights[i]))));
  return gradientsWithin(objective, inputs);
}

/** All axes but the last. */
function rowsOf(x: tf.Tensor): number[] {
  return Array.from({ length: x.rank - 1 }, (_, i) => i);
}

function reduce(op: string, x: tf.Tensor, axes: unknown, keep = true): tf.Tensor {
  return rawOp(op, [x, tf.tensor1d(axes as number[], "int32")], { keep_dims: keep });
}
