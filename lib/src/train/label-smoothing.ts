import { checkNumber } from "../check";
import { tf } from "../tensorflow";
import { LossFunction, softmaxCrossEntropy } from "./losses";

/**
 * Cross-entropy with softened labels: of the right class's probability a share is spread over all K classes, so that the
 * network is not pushed to ever larger logits.
 *
 * `(1 - share) · -log softmax(z)[label] + share / K · Σ_k -log softmax(z)[k]`, averaged over the batch
 *
 * Szegedy et al.: Rethinking the Inception architecture for computer vision. CVPR 2016.
 *
 * @param share from 0 (plain cross-entropy) to 1 (all classes alike); 0.1 and 0.2 are usual
 * @returns a loss for `fit` and for steps of one's own: labels int32 `[batch]` or one-hot rows `[batch, K]`, logits
 *   `[batch, K]` from a network that ends without an activation
 */
export function labelSmoothing(share: number): LossFunction {
  checkNumber("labelSmoothing()", "share", share, { min: 0, max: 1 });
  return (labels, logits) =>
    tf.tidy(() => {
      const sharp = softmaxCrossEntropy(labels, logits);
      if (share === 0) return sharp;
      return tf.add(tf.mul(sharp, 1 - share), tf.mul(meanOverClasses(logits), share)) as tf.Scalar;
    });
}

/** The mean over all classes and examples of `-log softmax(z)[k]`, which is `log Σ exp(z) - mean(z)`. */
function meanOverClasses(logits: tf.Tensor): tf.Tensor {
  return tf.sub(tf.mean(tf.logSumExp(logits, -1)), tf.mean(logits));
}
