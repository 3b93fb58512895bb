import { checkInteger, checkShape } from "../check";
import { digitFeatureLayer } from "../models";
import { tf } from "../tensorflow";

/** What the digit classifier sees in images. */
export interface DigitReading {
  /** 64 numbers for each image, `[size, 64]`; to be disposed of by the caller. */
  features: tf.Tensor2D;
  /** The digit that each is taken for, `[size]`. */
  labels: Int32Array;
  /** The probability that the classifier gives to that digit, `[size]`. */
  confidence: Float32Array;
}

/**
 * Reads digits with the course's classifier: the features in which samples are compared with data, and what each is taken
 * for.
 *
 * @param classifier `models.digitClassifier()`
 * @param images `[size, 28, 28, 1]`, from 0 to 1
 */
export function readDigits(
  classifier: tf.LayersModel,
  images: tf.Tensor4D,
  { batchSize = 500 }: { batchSize?: number } = {},
): DigitReading {
  checkShape("readDigits()", "images", images, [null, 28, 28, 1], "digits as data.mnist() has them.");
  checkInteger("readDigits()", "batchSize", batchSize, { min: 1 });
  // Not a second model: its layers would count as those of two models, and be freed with the first of them.
  const { layers } = classifier;
  const at = layers.findIndex(({ name }) => name === digitFeatureLayer);
  if (at < 0) {
    throw new RangeError(
      `readDigits() wants a classifier with a layer ${digitFeatureLayer}. Remedy: models.digitClassifier().`,
    );
  }
  const through = (x: tf.Tensor, part: tf.layers.Layer[]) =>
    part.reduce((y, layer) => layer.apply(y, { training: false }) as tf.Tensor, x);
  const size = images.shape[0];
  const labels = new Int32Array(size);
  const confidence = new Float32Array(size);
  const features = tf.tidy(() => {
    const parts: tf.Tensor2D[] = [];
    for (let start = 0; start < size; start += batchSize) {
      const count = Math.min(batchSize, size - start);
      parts.push(
        tf.tidy(() => {
          const x = through(tf.slice(images, start, count), layers.slice(0, at + 1)) as tf.Tensor2D;
          const shares = tf.softmax(through(x, layers.slice(at + 1)) as tf.Tensor2D);
          labels.set(tf.argMax(shares, 1).dataSync(), start);
          confidence.set(tf.max(shares, 1).dataSync(), start);
          return x;
        }),
      );
    }
    return tf.concat(parts) as tf.Tensor2D;
  });
  return { features, labels, confidence };
}
