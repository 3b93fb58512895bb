import { checkInteger, checkNumber, checkOneOf, checkOptions, checkShape } from "../check";
import { generator } from "../random";
import { tf } from "../tensorflow";

export interface InterpolateOptions {
  /** Points, both ends included. @default 8 */
  steps?: number;
  /**
   * "sphere" turns from one to the other, so that all points are as far out as normal noise is: by equal angles where both are
   * equally long, which normal noise of many numbers nearly is, and faster near the shorter one where they are not;
   * "line" goes straight, and so through places near 0 that a generator of many latents has never seen.
   * @default "sphere"
   */
  along?: "sphere" | "line";
}

/**
 * A way from one latent vector to another. With share t and angle Ω between the two: `sin((1-t)Ω)/sin Ω · a + sin(tΩ)/sin Ω · b`
 * on the sphere, `(1-t) a + t b` on the line. Where both point the same way or opposite ones, the sphere's is the line's.
 *
 * White: Sampling generative networks. 2016, arXiv:1609.04468.
 *
 * @param from `[latent]` @param to `[latent]`
 * @returns `[steps, latent]`
 * @throws RangeError where the two differ in size
 */
export function interpolate(from: tf.Tensor1D, to: tf.Tensor1D, options: InterpolateOptions = {}): tf.Tensor2D {
  const where = "interpolate()";
  checkOptions(where, options, ["steps", "along"]);
  const { steps = 8, along = "sphere" } = options;
  checkShape(where, "from", from, [null]);
  checkShape(where, "to", to, from.shape);
  checkInteger(where, "steps", steps, { min: 2 });
  checkOneOf(where, "along", along, ["sphere", "line"]);
  const [a, b] = [from, to].map((vector) => Array.from(vector.dataSync()));
  const product = a.reduce((sum, value, i) => sum + value * b[i], 0);
  const cosine = product / (Math.hypot(...a) * Math.hypot(...b));
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  const turns = along === "sphere" && Math.sin(angle) > 1e-6; // false for NaN, the angle with a vector of zeros
  const rows = Array.from({ length: steps }, (_, step) => {
    const t = step / (steps - 1);
    const [ofA, ofB] = turns
      ? [Math.sin((1 - t) * angle) / Math.sin(angle), Math.sin(t * angle) / Math.sin(angle)]
      : [1 - t, t];
    return a.map((value, i) => ofA * value + ofB * b[i]);
  });
  return tf.tensor2d(rows);
}

export interface TruncatedLatentsOptions {
  /** In standard deviations, from 0.1 up; 2 cuts one number in twenty. @default 1 */
  threshold?: number;
  /** Which latents are drawn. @default 0, the same ones each time */
  seed?: number | string;
}

/**
 * Normal noise without its tails: each number beyond the threshold is drawn again. Samples become better and more alike.
 *
 * Brock, Donahue and Simonyan: Large scale GAN training for high fidelity natural image synthesis. ICLR 2019,
 * arXiv:1809.11096.
 *
 * @param size of a latent vector
 * @returns `[count, size]`, the same ones for the same seed
 * @throws RangeError for a threshold that cuts nearly all
 */
export function truncatedLatents(count: number, size: number, options: TruncatedLatentsOptions = {}): tf.Tensor2D {
  const where = "truncatedLatents()";
  checkOptions(where, options, ["threshold", "seed"]);
  const { threshold = 1, seed = 0 } = options;
  checkInteger(where, "count", count, { min: 1 });
  checkInteger(where, "size", size, { min: 1 });
  checkNumber(where, "threshold", threshold, { min: 0.1 });
  const rng = generator(seed);
  const values = Float32Array.from({ length: count * size }, () => {
    let value = rng.normal();
    while (Math.abs(value) > threshold) value = rng.normal();
    return value;
  });
  return tf.tensor2d(values, [count, size]);
}
