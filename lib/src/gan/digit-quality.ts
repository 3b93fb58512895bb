import { checkOptions } from "../check";
import { tf } from "../tensorflow";
import { readDigits } from "./digit-features";
import { imageQuality, type ImageQuality } from "./image-quality";
import { SampleQualityOptions } from "./sample-quality";

/** How good generated digits are, in the features of the course's digit classifier. */
export type DigitQuality = ImageQuality;

/**
 * What the course measures of generated digits, in the features of its own classifier.
 *
 * @param classifier `models.digitClassifier()` @param images `[size, 28, 28, 1]`, from 0 to 1
 * @param reference features of data, from `readDigits`; twice as many as a measurement takes
 * @throws RangeError where shapes do not fit, or there are too few
 * @example const quality = digitQuality(classifier, images, readDigits(classifier, digits.x).features, { size: 1000 });
 */
export function digitQuality(
  classifier: tf.LayersModel,
  images: tf.Tensor4D,
  reference: tf.Tensor2D,
  options: SampleQualityOptions = {},
): DigitQuality {
  checkOptions("digitQuality()", options, ["size", "repeats", "seed"]);
  const reading = readDigits(classifier, images);
  try {
    return imageQuality(reading, reference, options);
  } finally {
    reading.features.dispose();
  }
}
