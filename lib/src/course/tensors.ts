import { tf } from "../tensorflow";
import { isTensor } from "../viz/numbers";

/** Every tensor inside of a value, once. */
export function tensorsIn(value: unknown, found = new Set<tf.Tensor>()): Set<tf.Tensor> {
  if (isTensor(value)) found.add(value as unknown as tf.Tensor);
  else if (Array.isArray(value)) value.forEach((item) => tensorsIn(item, found));
  else if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    Object.values(value).forEach((item) => tensorsIn(item, found));
  }
  return found;
}

/** What a call left behind in the tensor store. */
export interface Trace<T> {
  result: T;
  /** Living tensors that are neither in the result nor were there before. */
  leaked: number;
  /** Tensors of the arguments that are gone. */
  disposed: number;
}

/**
 * Calls a function and counts what it leaves behind. The count is of the whole process, so nothing else may run meanwhile.
 *
 * @param args its arguments, whose tensors it must leave alone
 */
export async function trace<T>(args: readonly unknown[], call: () => T | Promise<T>): Promise<Trace<T>> {
  const given = tensorsIn(args);
  const before = tf.memory().numTensors;
  const result = await call();
  const disposed = [...given].filter((tensor) => tensor.isDisposed).length;
  const made = [...tensorsIn(result)].filter((tensor) => !given.has(tensor) && !tensor.isDisposed).length;
  return { result, leaked: Math.max(0, tf.memory().numTensors - before - made + disposed), disposed };
}

/** Disposes of all tensors in these values that still live. */
export function disposeAll(...values: unknown[]): void {
  for (const tensor of tensorsIn(values)) if (!tensor.isDisposed) tensor.dispose();
}
