import { checkNumber } from "../check";
import { tf } from "../tensorflow";

/**
 * The length of all gradients together, as one vector: `√ Σ g²`.
 *
 * @returns a scalar
 */
export function globalNorm(gradients: readonly tf.Tensor[]): tf.Scalar {
  return tf.tidy(() => tf.sqrt(tf.addN(gradients.map((g) => tf.sum(tf.square(g))))) as tf.Scalar);
}

/**
 * Shortens gradients that are too long together, all by the same factor, so that their direction stays:
 * `g · maximum / max(globalNorm, maximum)`.
 *
 * Pascanu, Mikolov and Bengio: On the difficulty of training recurrent neural networks. ICML 2013.
 *
 * @param maximum the length that they may have, above 0
 * @returns new tensors, the caller's to dispose of
 */
export function clipByGlobalNorm(gradients: readonly tf.Tensor[], maximum: number): tf.Tensor[] {
  checkNumber("clipByGlobalNorm()", "maximum", maximum, { min: Number.MIN_VALUE });
  if (gradients.length === 0) return [];
  return tf.tidy(() => {
    const factor = tf.div(maximum, tf.maximum(globalNorm(gradients), maximum));
    return gradients.map((g) => tf.mul(g, factor));
  });
}
