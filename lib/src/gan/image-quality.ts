import { tf } from "../tensorflow";
import { classHistogram } from "./class-histogram";
import type { ImageReading } from "./image-reading";
import { sampleQuality, SampleQualityOptions } from "./sample-quality";

/** How good generated images are, as numbers for a row of a history. */
export interface ImageQuality {
  /** The Fréchet distance, mean over the measurements; their standard deviation; and the same of data against data. */
  frechet: number;
  frechetSpread: number;
  frechetFloor: number;
  precision: number;
  recall: number;
  density: number;
  coverage: number;
  /** Share of samples of which the classifier is more than 90 % sure. */
  confident: number;
  /** Shares of the rarest and the commonest class among the samples: equal where none is preferred. */
  rarest: number;
  commonest: number;
  [measure: string]: number;
}

/**
 * What the course measures of generated images, once a classifier has read them; distances in the features of one classifier
 * cannot be compared with those in another's.
 *
 * @param reading of samples, from `readDigits` or `readPictures` @param reference features of data, from the same; twice as
 *   many as a measurement takes
 * @throws RangeError where there are too few, or the features are others
 */
export function imageQuality(
  { features, labels, confidence }: ImageReading,
  reference: tf.Tensor2D,
  options: SampleQualityOptions = {},
): ImageQuality {
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
}
