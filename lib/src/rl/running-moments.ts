import { refuse } from "../check";

/** What running moments know, as plain data. */
export interface SavedMoments {
  mean: number[];
  variance: number[];
  count: number;
}

/** Keeps what has no spread from being divided by 0. */
export const EPSILON = 1e-8;

/** A number, or the border that it is beyond. */
export const cut = (value: number, clip: number): number => (value > clip ? clip : value < -clip ? -clip : value);

/**
 * Mean and variance of numbers as they come in, batch by batch, without keeping them.
 *
 * Two sets of numbers merge by `mean = mean₁ + δ·n₂/n` and `n·variance = n₁·variance₁ + n₂·variance₂ + δ²·n₁·n₂/n`, with
 * `δ = mean₂ - mean₁`. They start as a ten-thousandth of a number with mean 0 and variance 1, as in Stable-Baselines3.
 *
 * Chan, Golub, LeVeque: Updating formulae and a pairwise algorithm for computing sample variances. 1979.
 */
export class RunningMoments {
  /** `[size]` */
  readonly mean: Float64Array;
  /** `[size]` */
  readonly variance: Float64Array;
  /** How many rows were seen. */
  count = 1e-4;

  /** @param size numbers in a row, each with moments of its own */
  constructor(readonly size: number) {
    this.mean = new Float64Array(size);
    this.variance = new Float64Array(size).fill(1);
  }

  /** Takes in rows, `[rows, size]`, flat. @throws RangeError where they are no whole rows */
  update(values: ArrayLike<number>): void {
    const { size, count, mean, variance } = this;
    const rows = values.length / size;
    if (!Number.isInteger(rows)) refuse("update()", "values", `rows of ${size} numbers`, `${values.length} numbers`);
    if (rows === 0) return;
    const total = count + rows;
    for (let i = 0; i < size; i++) {
      let batchMean = 0;
      for (let k = i; k < values.length; k += size) batchMean += values[k] / rows;
      let squares = 0;
      for (let k = i; k < values.length; k += size) squares += (values[k] - batchMean) ** 2;
      const delta = batchMean - mean[i];
      mean[i] += (delta * rows) / total;
      variance[i] = (variance[i] * count + squares + (delta * delta * count * rows) / total) / total;
    }
    this.count = total;
  }

  /** `(x - mean) / √(variance + 1e-8)` within ±clip, for the row that starts at `at`. */
  normalizeRow(from: ArrayLike<number>, to: Float32Array, at: number, clip: number): void {
    const { mean, variance } = this;
    for (let i = 0; i < mean.length; i++) {
      to[at + i] = cut((from[at + i] - mean[i]) / Math.sqrt(variance[i] + EPSILON), clip);
    }
  }

  save(): SavedMoments {
    return { mean: [...this.mean], variance: [...this.variance], count: this.count };
  }

  /** @throws RangeError where they are of another size */
  load({ mean, variance, count }: SavedMoments): void {
    if (mean.length !== this.size) refuse("load()", "mean", `${this.size} numbers`, `${mean.length} numbers`);
    this.mean.set(mean);
    this.variance.set(variance);
    this.count = count;
  }
}
