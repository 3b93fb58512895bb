import { checkNumber, checkShape } from "../check";
import { map, sumTo, zip } from "./broadcast";
import { NdArray } from "./nd-array";
import { derive, type Tensor } from "./tensor";

export interface BatchNormOptions {
  /** Keeps the root away from zero where a channel never changes. @default 1e-5 */
  epsilon?: number;
}

/** What a batch was like: mean `μ` and variance `σ²` of each channel, `[channels]`. */
export interface BatchStatistics {
  mean: NdArray;
  /** The mean of squared distances, divided by n and not by n - 1. */
  variance: NdArray;
}

/** Mean and variance of each channel, the last axis, over all other axes: `μ = 1/n · Σ x`, `σ² = 1/n · Σ (x - μ)²`. */
export function batchStatistics(x: NdArray): BatchStatistics {
  const channels = [x.shape[x.rank - 1]];
  const n = x.size / channels[0];
  const mean = map(sumTo(x, channels), (sum) => sum / n);
  const squares = zip("batchStatistics()", x, mean, (a, m) => (a - m) ** 2);
  return { mean, variance: map(sumTo(squares, channels), (sum) => sum / n) };
}

/**
 * Batch normalisation as in training: each channel is moved to mean 0 and variance 1 over the batch, then scaled and
 * shifted by what the network has learned: `y = γ · x̂ + β` with `x̂ = (x - μ) / √(σ² + ε)`.
 *
 * Every number of a channel moves `μ` and `σ²` too, and so all the others. What is left after that:
 * `∂L/∂x = γ / √(σ² + ε) · (g - mean(g) - x̂ · mean(g · x̂))`, `∂L/∂γ = Σ g · x̂`, `∂L/∂β = Σ g`, all by channel.
 *
 * Ioffe, Szegedy: Batch Normalization, 2015.
 *
 * @param x `[…, channels]`, of two axes or more
 * @param gamma `γ`, `[channels]`
 * @param beta `β`, `[channels]`
 * @throws RangeError where the channels differ or ε is negative
 */
export function batchNorm(x: Tensor, gamma: Tensor, beta: Tensor, options: BatchNormOptions = {}): Tensor {
  return normalize("batchNorm()", x, gamma, beta, batchStatistics(x), options, (g, normal) => {
    const channels = gamma.shape;
    const n = x.size / channels[0];
    const meanG = map(sumTo(g, channels), (sum) => sum / n);
    const meanGx = map(sumTo(times(g, normal), channels), (sum) => sum / n);
    const own = zip("batchNorm()", g, meanG, (a, m) => a - m); // g - mean(g)
    return zip("batchNorm()", own, times(normal, meanGx), (a, b) => a - b);
  });
}

/**
 * Batch normalisation as in use: the same formula with statistics that are fixed, such as averages over the training, so
 * that an answer does not hang on what else is in the batch. `μ` and `σ²` are constants here, and get no gradient.
 */
export function batchNormInference(
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  statistics: BatchStatistics,
  options: BatchNormOptions = {},
): Tensor {
  return normalize("batchNormInference()", x, gamma, beta, statistics, options, (g) => g);
}

/** `y = γ · x̂ + β`, and the way back. @param through what is left of g on its way through `x̂`, before `γ / √(σ² + ε)` */
function normalize(
  where: string,
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  { mean, variance }: BatchStatistics,
  { epsilon = 1e-5 }: BatchNormOptions,
  through: (g: NdArray, normal: NdArray) => NdArray,
): Tensor {
  checkNumber(where, "epsilon", epsilon, { min: 0 });
  const channels = [x.shape[x.rank - 1]];
  checkShape(where, "gamma", gamma, channels);
  checkShape(where, "beta", beta, channels);
  const scale = map(variance, (v) => 1 / Math.sqrt(v + epsilon)); // 1 / √(σ² + ε), [channels]
  const normal = times(
    zip(where, x, mean, (a, m) => a - m),
    scale,
  ); // x̂, the shape of x
  return derive(
    zip(where, times(normal, gamma), beta, (a, b) => a + b),
    "batch norm",
    [x, (g) => times(through(g, normal), times(scale, gamma))],
    [gamma, (g) => sumTo(times(g, normal), channels)],
    [beta, (g) => sumTo(g, channels)],
  );
}

const times = (a: NdArray, b: NdArray): NdArray => zip("batchNorm()", a, b, (x, y) => x * y);
