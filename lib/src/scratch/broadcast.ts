import { NdArray, sizeOf, stridesOf, zerosOf } from "./nd-array";

/**
 * The shape in which two arrays meet: aligned at the last axis, sizes must be equal, or one of them is 1 or missing and
 * is repeated. `[5, 1, 3]` and `[4, 3]` meet in `[5, 4, 3]`.
 *
 * @throws RangeError where they don't meet
 */
export function broadcastShape(where: string, a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [m, n] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1];
    if (m !== n && m !== 1 && n !== 1) {
      throw new RangeError(
        `${where} wants shapes that broadcast, got [${a.join(", ")}] and [${b.join(", ")}]: ` +
          `${m} and ${n} meet. Remedy: sizes must be equal or 1, counted from the last axis.`,
      );
    }
    return m === 1 ? n : m;
  });
}

/** For each number of the larger shape, which number of the smaller one it comes from. */
function sources(from: readonly number[], to: readonly number[]): Int32Array {
  const [small, large] = [stridesOf(from), stridesOf(to)];
  const shift = to.length - from.length;
  const index = new Int32Array(sizeOf(to));
  for (let axis = 0; axis < from.length; axis++) {
    if (from[axis] === 1) continue; // repeated: every place along this axis comes from the one there is
    const [step, size] = [large[shift + axis], from[axis]];
    for (let i = 0; i < index.length; i++) index[i] += (Math.floor(i / step) % size) * small[axis];
  }
  return index;
}

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i]);

/** Repeats an array along its missing axes and those of size 1. */
export function broadcastTo(x: NdArray, shape: readonly number[]): NdArray {
  if (sameShape(x.shape, shape)) return x;
  const index = sources(x.shape, shape);
  return new NdArray(
    Float64Array.from(index, (i) => x.data[i]),
    shape,
  );
}

/** The way back: what was repeated is added up. It is the gradient of `broadcastTo`. */
export function sumTo(x: NdArray, shape: readonly number[]): NdArray {
  if (sameShape(x.shape, shape)) return x;
  const index = sources(shape, x.shape);
  const sum = zerosOf(shape);
  for (let i = 0; i < index.length; i++) sum.data[index[i]] += x.data[i];
  return sum;
}

/** A new array from one: `out[i] = f(x[i])`. */
export function map(x: NdArray, f: (x: number, i: number) => number): NdArray {
  const out = new Float64Array(x.size);
  for (let i = 0; i < out.length; i++) out[i] = f(x.data[i], i);
  return new NdArray(out, x.shape);
}

/** A new array from two that broadcast: `out[i] = f(a[i], b[i])`. */
export function zip(where: string, a: NdArray, b: NdArray, f: (a: number, b: number) => number): NdArray {
  const shape = broadcastShape(where, a.shape, b.shape);
  const { data: left } = broadcastTo(a, shape);
  const { data: right } = broadcastTo(b, shape);
  const out = new Float64Array(left.length);
  for (let i = 0; i < out.length; i++) out[i] = f(left[i], right[i]);
  return new NdArray(out, shape);
}
