import { checkInteger, checkNumber, checkOptions, refuse } from "../check";
import { generator, RandomGenerator } from "../random";
import { tf } from "../tensorflow";
import { checkExamples, Examples, pick } from "./examples";

export interface SplitOptions {
  /** What to hold back: a share between 0 and 1, or a number of examples from 1 up. @default 0.1 */
  validation?: number;
  /** Which ones: the same seed holds back the same examples. @default 0 */
  seed?: number | string;
  /** Hold back the same share of every class; needs class labels, int32 `[size]`. @default true where `y` is that */
  stratify?: boolean;
}

/**
 * Holds examples back for validation, at random and without overlap. Both parts are tensors of their own: free the
 * original where it is not needed any more.
 *
 * @throws RangeError where nothing would be left on one side
 */
export function split<X extends tf.Tensor, Y extends tf.Tensor>(
  examples: Examples<X, Y>,
  options: SplitOptions = {},
): { train: Examples<X, Y>; validation: Examples<X, Y> } {
  checkOptions("split()", options, ["validation", "seed", "stratify"]);
  checkExamples("split()", examples);
  const { x, y, size } = examples;
  const isLabels = y.rank === 1 && y.dtype === "int32";
  const { validation = 0.1, seed = 0, stratify = isLabels } = options;
  if (stratify && !isLabels) {
    refuse("split()", "y", "class labels, int32 [size], to stratify by", y, { remedy: "stratify: false." });
  }
  const held = validation < 1 ? checkShare(validation, size) : validation;
  checkInteger("split()", "validation", held, { min: 1, max: size - 1, remedy: `there are ${size} examples.` });

  const rng = generator(seed).split("split");
  const order = stratify ? stratified(y.dataSync() as Int32Array, rng) : rng.permutation(size);
  // In the order of the original: what came sorted or in time stays so, and gathering reads memory forwards.
  const rows = (places: Int32Array) => pick({ x, y, size, dispose() {} } as Examples<X, Y>, places.sort());
  return { validation: rows(order.slice(0, held)), train: rows(order.slice(held)) };
}

function checkShare(share: number, size: number): number {
  checkNumber("split()", "validation", share, { min: 0 });
  return Math.round(share * size);
}

/**
 * An order whose every beginning holds each class in its share, to within one example: member k of the n in a class, in
 * random order, goes to place (k + u) / n of the whole, with one random u for the class.
 */
function stratified(labels: Int32Array, rng: RandomGenerator): Int32Array {
  const members = new Map<number, number[]>();
  labels.forEach((label, place) => {
    const places = members.get(label);
    if (places) places.push(place);
    else members.set(label, [place]);
  });
  const spread = [...members.values()].flatMap((places) => {
    const offset = rng.uniform();
    return rng.shuffle(places).map((place, k) => ({ place, at: (k + offset) / places.length }));
  });
  return Int32Array.from(spread.sort((a, b) => a.at - b.at).map(({ place }) => place));
}
