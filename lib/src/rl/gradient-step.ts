import { clipByGlobalNorm, globalNorm } from "../optim";
import { tf } from "../tensorflow";

/** What a loss is made of: the scalar to make small, and whatever else is to be watched. */
export type Parts = { loss: tf.Scalar } & Record<string, tf.Scalar>;

/**
 * One step of gradient descent with gradients clipped by their global norm. Reads nothing back, so it can be compiled.
 *
 * @param maxGradient the length that all gradients together may have; Infinity leaves them as they are
 * @returns the parts as numbers in their order, and behind them the gradients' length before clipping: `[parts + 1]`
 */
export function gradientStep(
  variables: tf.Variable[],
  optimizer: tf.Optimizer,
  maxGradient: number,
  partsOf: () => Parts,
): tf.Tensor1D {
  let parts: Parts | undefined;
  try {
    return tf.tidy(() => {
      const { grads } = tf.variableGrads(() => {
        parts = partsOf();
        // Kept: what is made while gradients are recorded is freed afterwards, but for the loss.
        Object.values(parts).forEach((part) => tf.keep(part));
        return parts.loss.clone();
      }, variables);
      const names = Object.keys(grads);
      const gradients = names.map((name) => grads[name]);
      const norm = globalNorm(gradients);
      const clipped = maxGradient === Infinity ? gradients : clipByGlobalNorm(gradients, maxGradient);
      optimizer.applyGradients(Object.fromEntries(names.map((name, i) => [name, clipped[i]])));
      return tf.stack([...Object.values(parts!), norm]) as tf.Tensor1D;
    });
  } finally {
    tf.dispose(parts ?? []);
  }
}
