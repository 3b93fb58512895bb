import { tf } from "../tensorflow";

/** What a classifier sees in images. */
export interface ImageReading {
  /** Some numbers for each image, `[size, features]`; to be disposed of by the caller. */
  features: tf.Tensor2D;
  /** The class that each is taken for, `[size]`. */
  labels: Int32Array;
  /** The probability that the classifier gives to that class, `[size]`. */
  confidence: Float32Array;
}

/**
 * Reads images with a classifier.
 *
 * @param layers of the classifier, images in, logits out @param at which of them has the features as its outputs
 */
export function readImages(
  layers: tf.layers.Layer[],
  at: number,
  images: tf.Tensor4D,
  { batchSize = 500 }: { batchSize?: number } = {},
): ImageReading {
  // Not a second model: its layers would count as those of two models, and be freed with the first of them.
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
