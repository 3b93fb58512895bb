import type { Examples } from "../data";
import { kMeans, nearestNeighbours, type GanRecipe } from "../gan";
import { tf } from "../tensorflow";
import { processorSeconds } from "./processor-seconds";

/** Images among which clusters are found; the others belong to the nearest one. */
const AMONG = 10_000;

/** The classes that a conditional pair is told. */
export interface GanClasses {
  /** Of the training images, `[size]`, to be disposed of by the caller. */
  y: tf.Tensor1D;
  /** What the i-th sample is asked for: labels in turn, clusters as often as they are in the data. */
  asked(i: number): number;
  /** Of clusters, see `GanRunLog`. */
  centres?: string;
  /** Processor time that it took to find them. */
  cpuSeconds: number;
}

/** The labels, or the clusters that a recipe asks for. @param x images from 0 to 1 */
export function ganClasses(
  { x, y }: Examples<tf.Tensor4D, tf.Tensor1D>,
  { clusters }: GanRecipe,
  seed: number,
): GanClasses {
  if (clusters === undefined) return { y: y.clone(), asked: (i) => i % 10, cpuSeconds: 0 };
  const since = processorSeconds();
  const [labels, centres] = tf.tidy(() => {
    const found = kMeans(tf.slice(x, 0, Math.min(AMONG, x.shape[0])), clusters, { seed });
    return [nearestNeighbours(x, found.centres).places, found.centres.dataSync()];
  });
  return {
    y: tf.tensor1d(labels, y.dtype as "int32"),
    asked: (i) => labels[i % labels.length],
    centres: inBytes(centres),
    cpuSeconds: processorSeconds() - since,
  };
}

/** Numbers from 0 to 1, a byte each, in base64. */
export const inBytes = (values: ArrayLike<number>): string =>
  Buffer.from(Uint8Array.from(values, (value) => Math.round(255 * value))).toString("base64");
