import { checkFinite, checkShape, checkTensor, refuse } from "../check";
import { tf } from "../tensorflow";
import { distanceBlocks } from "./neighbourhoods";

/** For each sample the nearest of the data. */
export interface NearestNeighbours {
  /** Its place in the data, `[samples]`. */
  places: Int32Array;
  /** How far it is, Euclidean, `[samples]`. */
  distances: Float32Array;
}

/**
 * Finds for each sample the training example that is nearest. A generator that copies has distances near 0, far below those
 * from held-out data to the training data: compare the two, and look at the pairs.
 *
 * @param samples `[m, …]`: pixels, or features @param data of the same shape but for the number, `[n, …]`
 * @throws RangeError where the shapes differ, or a number is not finite
 */
export function nearestNeighbours(samples: tf.Tensor, data: tf.Tensor): NearestNeighbours {
  const where = "nearestNeighbours()";
  checkTensor(where, "data", data);
  checkShape(where, "samples", samples, [null, ...data.shape.slice(1)]);
  if (samples.shape[0] === 0 || data.shape[0] === 0) refuse(where, "samples and data", "at least one row each", 0);
  checkFinite(where, "samples", samples.dataSync());
  checkFinite(where, "data", data.dataSync());
  const places = new Int32Array(samples.shape[0]);
  const distances = new Float32Array(samples.shape[0]);
  tf.tidy(() => {
    const flat = (x: tf.Tensor) => tf.reshape(x, [x.shape[0], -1]) as tf.Tensor2D;
    distanceBlocks(flat(samples), flat(data), (block, first) => {
      places.set(tf.argMin(block, 1).dataSync(), first);
      distances.set(tf.min(block, 1).dataSync(), first);
    });
  });
  return { places, distances };
}
