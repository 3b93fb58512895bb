/** Drawing actions in plain numbers: for one state at a time a trip to TensorFlow would cost more than the drawing. */
import { RandomGenerator } from "../random";

/**
 * Draws from `softmax(logits)` by walking along the probabilities until a uniform number is used up.
 *
 * @param logits any array; the row from `start` to `start + count - 1` counts
 */
export function sampleCategorical(
  random: RandomGenerator,
  logits: ArrayLike<number>,
  start = 0,
  count = logits.length,
): number {
  const largest = logits[start + argmax(logits, start, count)];
  let sum = 0;
  for (let i = 0; i < count; i++) sum += Math.exp(logits[start + i] - largest);
  let left = random.uniform() * sum;
  for (let i = 0; i < count - 1; i++) {
    left -= Math.exp(logits[start + i] - largest);
    if (left < 0) return i;
  }
  return count - 1;
}

/** The place of the largest number of a row; of equal ones the first. */
export function argmax(values: ArrayLike<number>, start = 0, count = values.length): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[start + i] > values[start + best]) best = i;
  return best;
}

/**
 * Draws `mean + e^logStd · ε` for each dimension of a row.
 *
 * @param into where the numbers go, from `start` on, as the means come from there
 * @param logStd one for each dimension
 */
export function sampleGaussian(
  random: RandomGenerator,
  mean: ArrayLike<number>,
  logStd: ArrayLike<number>,
  into: Float32Array,
  start = 0,
): void {
  for (let i = 0; i < logStd.length; i++) into[start + i] = mean[start + i] + Math.exp(logStd[i]) * random.normal();
}
