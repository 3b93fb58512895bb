import { checkInteger, checkOptions, checkShape } from "../check";
import { digitFeatureLayer } from "../models";
import { tf } from "../tensorflow";
import { readImages, type ImageReading } from "./image-reading";

/** What the digit classifier sees in images: 64 features, and the digit that each is taken for. */
export type DigitReading = ImageReading;

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
  options: { batchSize?: number } = {},
): DigitReading {
  checkOptions("readDigits()", options, ["batchSize"]);
  const { batchSize = 500 } = options;
  checkShape("readDigits()", "images", images, [null, 28, 28, 1], "digits as data.mnist() has them.");
  checkInteger("readDigits()", "batchSize", batchSize, { min: 1 });
  const at = classifier.layers.findIndex(({ name }) => name === digitFeatureLayer);
  if (at < 0) {
    throw new RangeError(
      `readDigits() wants a classifier with a layer ${digitFeatureLayer}. Remedy: models.digitClassifier().`,
    );
  }
  return readImages(classifier.layers, at, images, { batchSize });
}
