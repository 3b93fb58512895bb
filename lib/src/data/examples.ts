import { checkInteger, checkTensor, refuse } from "../check";
import { tf } from "../tensorflow";

/** Inputs with what belongs to them: row i of `x` goes with row i of `y`. */
export interface Examples<X extends tf.Tensor = tf.Tensor, Y extends tf.Tensor = tf.Tensor> {
  /** Inputs, `[size, …]`. */
  readonly x: X;
  /** Labels or targets, `[size, …]`; class labels are int32, `[size]`. */
  readonly y: Y;
  /** How many there are. */
  readonly size: number;
  /** Frees both tensors. */
  dispose(): void;
}

/**
 * Puts inputs and labels together. The tensors belong to the result from then on: its `dispose()` frees them.
 *
 * @param x inputs, `[size, …]`
 * @param y labels or targets, `[size, …]`
 * @throws TypeError where one is no tensor; RangeError where they are empty or differ in their first dimension
 */
export function examples<X extends tf.Tensor, Y extends tf.Tensor>(x: X, y: Y): Examples<X, Y> {
  checkExamples("examples()", { x, y });
  return { x, y, size: x.shape[0], dispose: () => tf.dispose([x, y]) };
}

/** Checks what a function got as examples. @throws TypeError, RangeError as `examples()` does */
export function checkExamples(where: string, { x, y }: { x: tf.Tensor; y: tf.Tensor }): void {
  checkTensor(where, "x", x);
  checkTensor(where, "y", y);
  const rows = x.shape[0];
  if (!rows) refuse(where, "x", "a tensor of at least one example, [size, …]", x);
  if (y.shape[0] !== rows) refuse(where, "y", `a tensor with one row for each of the ${rows} rows of x`, y);
}

/**
 * The first `count` examples, or those from `start` on, as tensors of their own.
 *
 * @throws RangeError where there are not that many
 */
export function take<X extends tf.Tensor, Y extends tf.Tensor>(
  { x, y, size }: Examples<X, Y>,
  count: number,
  start = 0,
): Examples<X, Y> {
  checkInteger("take()", "start", start, { min: 0, max: size - 1 });
  checkInteger("take()", "count", count, { min: 1, max: size - start });
  return examples(rowsFrom(x, start, count), rowsFrom(y, start, count));
}

/** The examples at these places, in this order, as tensors of their own. */
export function pick<X extends tf.Tensor, Y extends tf.Tensor>(
  { x, y }: Examples<X, Y>,
  places: Int32Array,
): Examples<X, Y> {
  // Made on the host: TensorFlow.js reads indices before it gathers, and would wait for a device otherwise.
  const indices = tf.tensor1d(places, "int32");
  const [px, py] = [tf.gather(x, indices), tf.gather(y, indices)];
  indices.dispose();
  return examples(px, py);
}

/** A run of rows, `[count, …]`: a copy of that part alone. */
export function rowsFrom<T extends tf.Tensor>(tensor: T, start: number, count: number): T {
  return tf.slice(tensor, start, count);
}
