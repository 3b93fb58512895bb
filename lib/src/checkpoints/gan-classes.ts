import type { Examples } from "../data";
import { kMeans, nearestNeighbours, type GanRecipe } from "../gan";
import { tf } from "../tensorflow";
import { processorSeconds } from "./processor-seconds";

/** Images among which clusters are found; the others belong to the nearest one. */
const AMONG = 10_000;
/** How many labels there are: digits, or what is in the pictures. */
const LABELS = 10;

/** The classes that a conditional pair is told. */
export interface GanClasses {
  /** Of the training images, `[size]`, to be disposed of by the caller. */
  y: tf.Tensor1D;
  /** What the i-th sample is asked for: labels in turn, clusters as often as they are in the data. */
  asked(i: number): number;
  /** The label that a sample of a class shall be read as; none where clusters were found without labels. */
  labelOf?(one: number): number;
  /** Of clusters, see `GanRunLog`. */
  centres?: string;
  /** Processor time that it took to find them. */
  cpuSeconds: number;
}

/** The labels, or the clusters that a recipe asks for. @param train images from 0 to 1 */
export function ganClasses(
  { x, y }: Examples<tf.Tensor4D, tf.Tensor1D>,
  { clusters, withinLabels = false }: GanRecipe,
  seed: number,
): GanClasses {
  if (clusters === undefined) return { y: y.clone(), asked: (i) => i % LABELS, labelOf: (one) => one, cpuSeconds: 0 };
  const since = processorSeconds();
  const truths = y.dataSync();
  const groups = withinLabels ? Array.from({ length: LABELS }, (_, label) => placesOf(truths, label)) : [undefined];
  const each = clusters / groups.length;
  const found = new Int32Array(truths.length);
  const centres = groups.map((places, group) =>
    tf.tidy(() => {
      const images = places ? (tf.gather(x, tf.tensor1d(places, "int32")) as tf.Tensor4D) : x;
      const some = tf.slice(images, 0, Math.min(AMONG / groups.length, images.shape[0]));
      const { centres: middles } = kMeans(some, each, { seed: withinLabels ? `${seed} ${group}` : seed });
      nearestNeighbours(images, middles).places.forEach((one, i) => (found[places?.[i] ?? i] = group * each + one));
      return middles.dataSync();
    }),
  );
  return {
    y: tf.tensor1d(found, y.dtype as "int32"),
    asked: (i) => found[i % found.length],
    labelOf: withinLabels ? (one) => Math.floor(one / each) : undefined,
    centres: inBytes(centres.flatMap((values) => [...values])),
    cpuSeconds: processorSeconds() - since,
  };
}

const placesOf = (truths: ArrayLike<number>, label: number): number[] =>
  Array.from(truths, (_, i) => i).filter((i) => truths[i] === label);

/** Numbers from 0 to 1, a byte each, in base64. */
export const inBytes = (values: ArrayLike<number>): string =>
  Buffer.from(Uint8Array.from(values, (value) => Math.round(255 * value))).toString("base64");
