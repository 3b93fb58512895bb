import { checkOptions } from "../check";
import { tf } from "../tensorflow";
import { classHistogram } from "./class-histogram";
import { readDigits } from "./digit-features";
import { sampleQuality, SampleQualityOptions } from "./sample-quality";

/** How good generated digits are, as numbers for a row of a history. */
export interface DigitQuality {
  /** The digit Fréchet distance, mean over the measurements; their standard deviation; and the same of data against data. */
  frechet: number;
  frechetSpread: number;
  frechetFloor: number;
  precision: number;
  recall: number;
  density: number;
  coverage: number;
  /** Share of samples of which the classifier is more than 90 % sure. */
  confident: number;
  /** Shares of the rarest and the commonest digit among the samples: 0.1 each where none is preferred. */
  rarest: number;
  commonest: number;
  [measure: string]: number;
}

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
  const { features, labels, confidence } = readDigits(classifier, images);
  try {
    const rows = sampleQuality(reference, features, options);
    const of = (name: string) => rows.find(({ measure }) => measure === name)!;
    const frechet = of("frechetDistance");
    const shares = classHistogram(labels).map(({ share }) => share);
    return {
      frechet: frechet.value,
      frechetSpread: frechet.spread,
      frechetFloor: frechet.floor,
      precision: of("precision").value,
      recall: of("recall").value,
      density: of("density").value,
      coverage: of("coverage").value,
      confident: confidence.filter((sure) => sure > 0.9).length / confidence.length,
      rarest: Math.min(...shares),
      commonest: Math.max(...shares),
    };
  } finally {
    features.dispose();
  }
}
