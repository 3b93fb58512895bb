import { checkOneOf } from "../check";
import { tf } from "../tensorflow";
import { meanSquaredError } from "./losses";

/** A number to watch, not to train on: the mean over a batch, `(labels, predictions) => scalar`. */
export type MetricFunction = (labels: tf.Tensor, predictions: tf.Tensor) => tf.Scalar;

/** Metrics by name. */
export type MetricName = "accuracy" | "binaryAccuracy" | "meanSquaredError" | "meanAbsoluteError";

/**
 * The share of examples whose largest prediction is that of the right class.
 *
 * @param labels classes, int32 `[batch]`, or one-hot rows, `[batch, classes]`
 * @param predictions logits or probabilities, `[batch, classes]`, at least two classes
 */
export function accuracy(labels: tf.Tensor, predictions: tf.Tensor): tf.Scalar {
  if (predictions.shape[predictions.rank - 1] < 2) {
    throw new RangeError(
      `accuracy() wants predictions for two classes or more, got [${predictions.shape.join(", ")}]. ` +
        "Remedy: binaryAccuracy, which takes probabilities above 0.5 as yes.",
    );
  }
  return tf.tidy(() => {
    const right = labels.rank === predictions.rank ? labels.argMax(-1) : labels.toInt();
    return predictions.argMax(-1).equal(right).toFloat().mean() as tf.Scalar;
  });
}

/**
 * The share of predictions on the right side of one half.
 *
 * @param labels 0 or 1, of as many elements as there are predictions
 * @param predictions probabilities, of any shape
 */
export function binaryAccuracy(labels: tf.Tensor, predictions: tf.Tensor): tf.Scalar {
  return tf.tidy(() => {
    const yes = labels.reshape(predictions.shape).greater(0.5);
    return predictions.greater(0.5).equal(yes).toFloat().mean() as tf.Scalar;
  });
}

/** The mean of `|prediction - target|`. */
export function meanAbsoluteError(targets: tf.Tensor, predictions: tf.Tensor): tf.Scalar {
  return tf.tidy(() => predictions.sub(targets.reshape(predictions.shape)).abs().mean() as tf.Scalar);
}

const NAMED: Record<MetricName, MetricFunction> = { accuracy, binaryAccuracy, meanSquaredError, meanAbsoluteError };

/** Names, or functions under names of one's own. */
export type Metrics = readonly MetricName[] | Readonly<Record<string, MetricFunction>>;

/** Metrics as functions by name. @throws RangeError for an unknown name */
export function metricFunctions(where: string, metrics: Metrics): Record<string, MetricFunction> {
  if (!Array.isArray(metrics)) return { ...(metrics as Record<string, MetricFunction>) };
  const known = Object.keys(NAMED) as MetricName[];
  return Object.fromEntries(metrics.map((name) => [name, NAMED[checkOneOf(where, "a metric", name, known)]]));
}
