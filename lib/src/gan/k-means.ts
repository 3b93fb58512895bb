import { checkFinite, checkInteger, checkOptions, checkShape, checkTensor, refuse } from "../check";
import { generator, type RandomGenerator } from "../random";
import { tf } from "../tensorflow";
import { distanceBlocks } from "./neighbourhoods";

export interface KMeansOptions {
  /** Which points the search begins with. @default 0 */
  seed?: number | string;
  /** Centres to begin with, `[k, …]`, in place of drawn ones. */
  start?: tf.Tensor;
  /** Rounds, if it does not come to rest before. @default 100 */
  maxIterations?: number;
}

export interface KMeans {
  /** The centre nearest to each point, `[n]`. */
  labels: Int32Array;
  /** The means of the clusters, `[k, …]`, to be disposed of by the caller. */
  centres: tf.Tensor;
  /** The sum of all points' squared distances to their centres. */
  inertia: number;
  /** Rounds that were made. */
  iterations: number;
}

/**
 * Sorts points into k clusters without being told any: give each point to its nearest centre, move each centre to the mean of
 * its points, and begin again until no point changes its cluster. `Σ |x - c(x)|²` falls with every round. A centre that loses
 * all of its points stays where it is.
 *
 * Lloyd: Least squares quantization in PCM. 1982. The centres to begin with are drawn far from each other: Arthur and
 * Vassilvitskii: k-means++. SODA 2007.
 *
 * @param x points, `[n, …]`, such as images @param k how many clusters
 * @throws RangeError where there are fewer distinct points than clusters, shapes differ, or a number is not finite
 */
export function kMeans(x: tf.Tensor, k: number, options: KMeansOptions = {}): KMeans {
  const where = "kMeans()";
  checkOptions(where, options, ["seed", "start", "maxIterations"]);
  const { seed = 0, start, maxIterations = 100 } = options;
  const [n, ...shape] = checkTensor(where, "x", x).shape;
  checkInteger(where, "k", k, { min: 1, max: n, remedy: "more points, or fewer clusters." });
  checkInteger(where, "maxIterations", maxIterations, { min: 1 });
  checkFinite(where, "x", x.dataSync());
  if (start) {
    checkShape(where, "start", start, [k, ...shape]);
    checkFinite(where, "start", start.dataSync());
  }
  const flat = (points: tf.Tensor) => tf.reshape(tf.cast(points, "float32"), [points.shape[0], -1]) as tf.Tensor2D;
  let centres = tf.tidy(() => (start ? flat(start) : drawCentres(flat(x), k, generator(seed).split("k-means"))));
  for (let iterations = 1, before: Int32Array | undefined; ; iterations++) {
    const { labels, inertia } = tf.tidy(() => assign(flat(x), centres));
    const rests = before !== undefined && labels.every((label, i) => label === before![i]);
    if (rests || iterations > maxIterations) {
      const shaped = tf.reshape(centres, [k, ...shape]);
      centres.dispose();
      return { labels, centres: shaped, inertia, iterations: iterations - 1 };
    }
    before = labels;
    const moved = tf.tidy(() => means(flat(x), labels, centres));
    centres.dispose();
    centres = moved;
  }
}

function assign(x: tf.Tensor2D, centres: tf.Tensor2D): { labels: Int32Array; inertia: number } {
  const labels = new Int32Array(x.shape[0]);
  let inertia = 0;
  distanceBlocks(x, centres, (distances, first) => {
    labels.set(tf.argMin(distances, 1).dataSync(), first);
    inertia += tf.sum(tf.square(tf.min(distances, 1))).dataSync()[0];
  });
  return { labels, inertia };
}

function means(x: tf.Tensor2D, labels: Int32Array, centres: tf.Tensor2D): tf.Tensor2D {
  const k = centres.shape[0];
  const belongs = tf.tensor1d(labels, "int32");
  const sums = tf.unsortedSegmentSum(x, belongs, k);
  const counts = tf.unsortedSegmentSum(tf.ones([x.shape[0], 1]), belongs, k);
  return tf.where(tf.greater(counts, 0), tf.div(sums, tf.maximum(counts, 1)), centres) as tf.Tensor2D;
}

/** Points of x, each drawn with a probability that grows with the squared distance to the nearest one drawn before. */
function drawCentres(x: tf.Tensor2D, k: number, rng: RandomGenerator): tf.Tensor2D {
  const n = x.shape[0];
  const places = [rng.integer(0, n)];
  const nearest = new Float32Array(n).fill(Infinity);
  while (places.length < k) {
    const last = places[places.length - 1];
    const squares = tf.tidy(() => tf.sum(tf.squaredDifference(x, tf.slice(x, [last, 0], [1, -1])), 1).dataSync());
    for (let i = 0; i < n; i++) nearest[i] = Math.min(nearest[i], squares[i]);
    const total = nearest.reduce((sum, square) => sum + square, 0);
    if (total === 0) refuse("kMeans()", "x", `at least ${k} distinct points`, places.length);
    let left = rng.uniform(0, total);
    const drawn = nearest.findIndex((square) => (left -= square) < 0);
    places.push(drawn < 0 ? nearest.findLastIndex((square) => square > 0) : drawn); // where rounding leaves a rest
  }
  return tf.gather(x, tf.tensor1d(places, "int32"));
}
