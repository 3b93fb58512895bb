import { checkOptions } from "../check";
import { tf } from "../tensorflow";
import { checkFeatures, distanceBlocks, neighbourRadii } from "./neighbourhoods";

export interface NeighbourOptions {
  /** Which nearest neighbour bounds a point's neighbourhood. @default 3, for density and coverage 5 */
  k?: number;
}

/**
 * How much of what is made is like data, and how much of the data is made. Around each point lies a ball that reaches to its
 * k-th neighbour; precision is the share of samples inside a ball of data, recall the share of data inside a ball of samples.
 * From 0 to 1; data against data gives not 1 but the ceiling.
 *
 * Kynkäänniemi et al.: Improved precision and recall metric for assessing generative models. NeurIPS 2019, arXiv:1904.06991.
 *
 * @param real features of data, `[n, features]` @param generated features of samples, `[m, features]`
 * @throws RangeError where the widths differ, a number is not finite, or there are not k neighbours
 */
export function precisionRecall(
  real: tf.Tensor2D,
  generated: tf.Tensor2D,
  options: NeighbourOptions = {},
): { precision: number; recall: number } {
  const where = "precisionRecall()";
  checkOptions(where, options, ["k"]);
  const { k = 3 } = options;
  checkFeatures(where, real, generated, k, ["real", "generated"]);
  return { precision: shareWithin(generated, real, k), recall: shareWithin(real, generated, k) };
}

/** The share of points inside the ball of at least one centre. */
function shareWithin(points: tf.Tensor2D, centres: tf.Tensor2D, k: number): number {
  const radii = tf.tensor2d(neighbourRadii(centres, k), [1, centres.shape[0]]);
  let inside = 0;
  distanceBlocks(points, centres, (distances) => {
    inside += tf.sum(tf.cast(tf.any(tf.lessEqual(distances, radii), 1), "int32")).dataSync()[0];
  });
  radii.dispose();
  return inside / points.shape[0];
}
