import { checkInteger, checkOptions } from "../check";
import { generator } from "../random";
import { tf } from "../tensorflow";
import { checkExamples, Examples, pick, rowsFrom } from "./examples";

export interface BatchesOptions {
  /** Examples in a batch, from 1 up. @default 32 */
  batchSize?: number;
  /** A new random order for every epoch. @default true */
  shuffle?: boolean;
  /** Where the orders come from: the same seed gives the same orders. @default 0 */
  seed?: number | string;
  /** Leave out the last batch of an epoch where it is smaller, so that all have one shape. @default false */
  dropLast?: boolean;
}

/** Some examples, for one step of training. */
export interface Batch<X extends tf.Tensor = tf.Tensor, Y extends tf.Tensor = tf.Tensor> {
  /** `[size, …]`. Freed when the loop asks for the next batch; `x.clone()` keeps it. */
  readonly x: X;
  /** `[size, …]`. Freed when the loop asks for the next batch. */
  readonly y: Y;
  readonly size: number;
  /** The place of this batch in its epoch, from 0. */
  readonly index: number;
}

/**
 * Examples cut into batches; the last one holds what is left over.
 *
 * A loop over it is one epoch, and the next loop gets the next order. The loop owns nothing: a batch is freed when the
 * next one is asked for, and when the loop ends, also by `break` or an error.
 *
 * @example
 * for (const { x, y } of batches(train, { batchSize: 64, seed: 1 })) step(x, y);
 * @throws RangeError where the examples are empty or the batch size is not from 1 up
 */
export function batches<X extends tf.Tensor, Y extends tf.Tensor>(
  examples: Examples<X, Y>,
  options: BatchesOptions = {},
): Batches<X, Y> {
  checkOptions("batches()", options, ["batchSize", "shuffle", "seed", "dropLast"]);
  const { batchSize = 32, shuffle = true, seed = 0, dropLast = false } = options;
  checkExamples("batches()", examples);
  const remedy = dropLast ? `dropLast leaves no batch of the ${examples.size} examples otherwise.` : undefined;
  checkInteger("batches()", "batchSize", batchSize, { min: 1, max: dropLast ? examples.size : undefined, remedy });
  return new Batches(examples, batchSize, shuffle, seed, dropLast);
}

/** What `batches()` makes. */
export class Batches<X extends tf.Tensor = tf.Tensor, Y extends tf.Tensor = tf.Tensor> implements Iterable<
  Batch<X, Y>
> {
  private epochs = 0;

  constructor(
    readonly examples: Examples<X, Y>,
    readonly batchSize: number,
    readonly shuffle: boolean,
    readonly seed: number | string,
    readonly dropLast: boolean,
  ) {}

  /** Batches in an epoch. */
  get length(): number {
    const { size } = this.examples;
    return this.dropLast ? Math.floor(size / this.batchSize) : Math.ceil(size / this.batchSize);
  }

  [Symbol.iterator](): Iterator<Batch<X, Y>> {
    return this.epoch(this.epochs++)[Symbol.iterator]();
  }

  /**
   * The batches of one epoch, `epoch` from 0 up, beginning at batch `from`. Depends on the seed and these numbers alone,
   * which is how a resumed training gets the very batches that it would have got.
   */
  *epoch(epoch: number, from = 0): Generator<Batch<X, Y>, void, undefined> {
    checkInteger("epoch()", "epoch", epoch, { min: 0 });
    checkInteger("epoch()", "from", from, { min: 0 });
    const { size } = this.examples;
    const order = this.shuffle ? generator(this.seed).split("batches").split(epoch).permutation(size) : undefined;
    for (let index = from; index < this.length; index++) {
      const start = index * this.batchSize;
      const count = Math.min(this.batchSize, size - start);
      const { x, y, dispose } = this.cut(start, count, order);
      try {
        yield { x, y, size: count, index };
      } finally {
        dispose();
      }
    }
  }

  private cut(
    start: number,
    count: number,
    order: Int32Array | undefined,
  ): Pick<Examples<X, Y>, "x" | "y" | "dispose"> {
    if (order) return pick(this.examples, order.slice(start, start + count));
    const [x, y] = [rowsFrom(this.examples.x, start, count), rowsFrom(this.examples.y, start, count)];
    return { x, y, dispose: () => tf.dispose([x, y]) };
  }
}
