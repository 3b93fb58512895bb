import { checkOptions } from "../check";
import { tf } from "../tensorflow";
import { checkFeatures, distanceBlocks, neighbourRadii } from "./neighbourhoods";
import { NeighbourOptions } from "./precision-recall";

/**
 * The same question as `precisionRecall`, harder to fool by single outliers, since only data have balls. Density is how many
 * of them a sample lies in, on average, divided by k: 1 where samples are distributed as the data, more where they crowd
 * at the data's centres. Coverage is the share of data with a sample in their ball.
 *
 * Naeem et al.: Reliable fidelity and diversity metrics for generative models. ICML 2020, arXiv:2002.09797.
 *
 * @param real features of data, `[n, features]` @param generated features of samples, `[m, features]`
 * @throws RangeError where the widths differ, a number is not finite, or there are not k neighbours
 */
export function densityCoverage(
  real: tf.Tensor2D,
  generated: tf.Tensor2D,
  options: NeighbourOptions = {},
): { density: number; coverage: number } {
  const where = "densityCoverage()";
  checkOptions(where, options, ["k"]);
  const { k = 5 } = options;
  checkFeatures(where, real, generated, k, ["real"]);
  const radii = neighbourRadii(real, k);
  let [balls, covered] = [0, 0];
  distanceBlocks(real, generated, (distances, first) => {
    const own = tf.tensor2d(radii.subarray(first, first + distances.shape[0]), [distances.shape[0], 1]);
    const inside = tf.less(distances, own);
    balls += tf.sum(tf.cast(inside, "int32")).dataSync()[0];
    covered += tf.sum(tf.cast(tf.any(inside, 1), "int32")).dataSync()[0];
  });
  return { density: balls / (k * generated.shape[0]), coverage: covered / real.shape[0] };
}
