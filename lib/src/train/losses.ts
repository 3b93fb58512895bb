import { checkOneOf } from "../check";
import { sparseSoftmaxCrossEntropy } from "../kernels";
import { tf } from "../tensorflow";

/** How wrong predictions are, as one number to make small: `(labels, predictions) => scalar`, as `tf.losses` has it. */
export type LossFunction = (labels: tf.Tensor, predictions: tf.Tensor) => tf.Scalar;

/** Losses by name. */
export type LossName = "softmaxCrossEntropy" | "crossEntropy" | "sigmoidCrossEntropy" | "meanSquaredError";

/**
 * The mean of `-log softmax(logits)[label]`, for networks that end without an activation: stable also where a softmax would
 * round to 0.
 *
 * @param labels classes, int32 `[batch]`, or one-hot rows, `[batch, classes]`
 * @param logits `[batch, classes]`
 */
export function softmaxCrossEntropy(labels: tf.Tensor, logits: tf.Tensor): tf.Scalar {
  return tf.tidy(() =>
    labels.rank === logits.rank
      ? (tf.losses.softmaxCrossEntropy(labels.toFloat(), logits) as tf.Scalar)
      : (sparseSoftmaxCrossEntropy(labels, logits).mean() as tf.Scalar),
  );
}

/**
 * The mean of `-log probabilities[label]`, for networks that end in a softmax. Probabilities below 1e-7 count as 1e-7.
 *
 * @param labels classes, int32 `[batch]`, or one-hot rows, `[batch, classes]`
 * @param probabilities `[batch, classes]`
 */
export function crossEntropy(labels: tf.Tensor, probabilities: tf.Tensor): tf.Scalar {
  return tf.tidy(() => {
    const logs = probabilities.clipByValue(1e-7, 1).log();
    return asRows(labels, probabilities).mul(logs).sum(-1).mean().neg() as tf.Scalar;
  });
}

/**
 * The mean of `-log σ(logit)` for label 1 and `-log (1 - σ(logit))` for label 0: two classes, or several that may all hold.
 *
 * @param labels 0 or 1, `[batch]` or of the logits' shape
 * @param logits `[batch, 1]` or `[batch, labels]`
 */
export function sigmoidCrossEntropy(labels: tf.Tensor, logits: tf.Tensor): tf.Scalar {
  return tf.tidy(() => tf.losses.sigmoidCrossEntropy(alike(labels, logits), logits) as tf.Scalar);
}

/**
 * The mean of `(prediction - target)²`.
 *
 * @param targets of the predictions' shape, or `[batch]` for predictions `[batch, 1]`
 */
export function meanSquaredError(targets: tf.Tensor, predictions: tf.Tensor): tf.Scalar {
  return tf.tidy(() => predictions.sub(alike(targets, predictions)).square().mean() as tf.Scalar);
}

const NAMED: Record<LossName, LossFunction> = {
  softmaxCrossEntropy,
  crossEntropy,
  sigmoidCrossEntropy,
  meanSquaredError,
};

/** Finds a loss by its name; a function is itself. @throws RangeError for an unknown name */
export function lossFunction(where: string, loss: LossName | LossFunction): LossFunction {
  if (typeof loss === "function") return loss;
  return NAMED[checkOneOf(where, "loss", loss, Object.keys(NAMED) as LossName[])];
}

/** Class labels as one-hot rows; rows stay what they are. */
export function asRows(labels: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  if (labels.rank === predictions.rank) return labels;
  return tf.oneHot(labels as tf.Tensor1D, predictions.shape[predictions.rank - 1], 1, 0, "float32");
}

/** Targets of the predictions' shape: `[batch]` for `[batch, 1]`, which would broadcast to `[batch, batch]` otherwise. */
function alike(targets: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  return targets.toFloat().reshape(predictions.shape);
}
