import { checkFinite, checkInteger, checkShape, refuse } from "../check";
import { tf } from "../tensorflow";

/** Rows of the distance matrix at a time: 1,000 by 10,000 float32 numbers are 40 MB. */
const BLOCK = 1000;

/** Calls `f` with blocks of the matrix of distances, `[rows, points]`, and the number of the first row. */
export function distanceBlocks(
  rows: tf.Tensor2D,
  points: tf.Tensor2D,
  f: (distances: tf.Tensor2D, first: number) => void,
): void {
  for (let first = 0; first < rows.shape[0]; first += BLOCK) {
    tf.tidy(() => {
      const part = tf.slice(rows, [first, 0], [Math.min(BLOCK, rows.shape[0] - first), -1]);
      // |a - b|² = |a|² + |b|² - 2 a·b, about the points' mean, where rounding is smallest.
      const centre = tf.mean(points, 0, true);
      const [a, b] = [tf.sub(part, centre), tf.sub(points, centre)] as [tf.Tensor2D, tf.Tensor2D];
      const lengths = tf.add(tf.sum(tf.square(a), 1, true), tf.reshape(tf.sum(tf.square(b), 1), [1, -1]));
      const squared = tf.sub(lengths, tf.mul(tf.matMul(a, b, false, true), 2));
      f(tf.sqrt(tf.maximum(squared, 0)) as tf.Tensor2D, first);
    });
  }
}

/** For each point the distance to its k-th nearest other one, `[n]`. */
export function neighbourRadii(points: tf.Tensor2D, k: number): Float32Array {
  const radii = new Float32Array(points.shape[0]);
  distanceBlocks(points, points, (distances, first) => {
    // The nearest of all is the point itself, at 0 up to rounding.
    const { values } = tf.topk(tf.neg(distances), k + 1);
    const columns = k + 1;
    values.dataSync().forEach((value, i) => {
      if (i % columns === k) radii[first + Math.floor(i / columns)] = -value;
    });
  });
  return radii;
}

/**
 * Checks features of data and samples, and that all points that have a ball have k neighbours.
 *
 * @param balls which of the two have them @throws RangeError, TypeError
 */
export function checkFeatures(
  where: string,
  real: tf.Tensor2D,
  generated: tf.Tensor2D,
  k: number,
  balls: readonly ("real" | "generated")[],
): void {
  checkShape(where, "real", real, [null, null]);
  checkShape(where, "generated", generated, [null, real.shape[1]]);
  const rows = { real: real.shape[0], generated: generated.shape[0] };
  for (const name of ["real", "generated"] as const) {
    const least = balls.includes(name) ? 2 : 1;
    if (rows[name] < least)
      refuse(where, name, least === 1 ? "features of at least 1 image" : "features of at least 2 images", rows[name]);
  }
  const max = Math.min(...balls.map((name) => rows[name])) - 1;
  checkInteger(where, "k", k, { min: 1, max, remedy: "more rows, or fewer neighbours." });
  checkFinite(where, "real", real.dataSync());
  checkFinite(where, "generated", generated.dataSync());
}
