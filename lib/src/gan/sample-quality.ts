import { checkInteger, checkOptions, checkShape } from "../check";
import { generator } from "../random";
import { tf } from "../tensorflow";
import { densityCoverage } from "./density-coverage";
import { frechetDistance } from "./frechet-distance";
import { precisionRecall } from "./precision-recall";

export interface SampleQualityOptions {
  /** Rows of data and of samples in one measurement. @default 1000, or half of what there is */
  size?: number;
  /** Measurements, each on rows drawn anew: their spread says how far to trust a difference. @default 5 */
  repeats?: number;
  /** Which rows are drawn. @default 0 */
  seed?: number | string;
}

/** One measure of samples, with what data against data give: nothing can be better than that. */
export interface QualityRow {
  measure: string;
  /** Mean over the measurements. */
  value: number;
  /** Their standard deviation; 0 where one measurement alone was made, whose spread is unknown. */
  spread: number;
  /** The same of data against other data. */
  floor: number;
  floorSpread: number;
  /** Rows of each side in one measurement. */
  size: number;
  repeats: number;
}

/**
 * Fréchet distance, precision, recall, density and coverage of samples, each measured several times on random subsets, next
 * to data against other data at the same size. The measures depend on the size, so that is in the rows.
 *
 * @param real features of data, `[n, features]` @param generated features of samples, `[m, features]`
 * @throws RangeError where the widths differ, or there are not twice as many data as a measurement takes
 * @example sampleQuality(readDigits(classifier, test.x).features, readDigits(classifier, samples).features)
 */
export function sampleQuality(
  real: tf.Tensor2D,
  generated: tf.Tensor2D,
  options: SampleQualityOptions = {},
): QualityRow[] {
  const where = "sampleQuality()";
  checkOptions(where, options, ["size", "repeats", "seed"]);
  checkShape(where, "real", real, [null, null]);
  checkShape(where, "generated", generated, [null, real.shape[1]]);
  const most = Math.min(Math.floor(real.shape[0] / 2), generated.shape[0]);
  const { size = Math.min(1000, most), repeats = 5, seed = 0 } = options;
  checkInteger(where, "size", size, { min: 8, max: most, remedy: "more samples, or data of twice the size." });
  checkInteger(where, "repeats", repeats, { min: 1 });
  const rng = generator(seed).split("sample quality");
  const against: Record<string, number>[] = [];
  const among: Record<string, number>[] = [];
  for (let i = 0; i < repeats; i++) {
    const data = rng.permutation(real.shape[0]);
    const samples = rng.permutation(generated.shape[0]).subarray(0, size);
    tf.tidy(() => {
      const rows = (x: tf.Tensor2D, places: Int32Array) => tf.gather(x, tf.tensor1d(places, "int32"));
      const reference = rows(real, data.subarray(0, size));
      against.push(measure(reference, rows(generated, samples)));
      among.push(measure(reference, rows(real, data.subarray(size, 2 * size))));
    });
  }
  return Object.keys(against[0]).map((name) => {
    const [own, floor] = [against, among].map((runs) => statistics(runs.map((run) => run[name])));
    return {
      ...{ measure: name, value: own.mean, spread: own.deviation },
      ...{ floor: floor.mean, floorSpread: floor.deviation, size, repeats },
    };
  });
}

function measure(real: tf.Tensor2D, generated: tf.Tensor2D): Record<string, number> {
  return {
    frechetDistance: frechetDistance(real, generated),
    ...precisionRecall(real, generated),
    ...densityCoverage(real, generated),
  };
}

function statistics(values: number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
}
