import { inspect } from "node:util";
import { checkInteger, refuse } from "../check";

/** Numbers nested in arrays as deep as the array has axes. */
export type Nested = number | readonly Nested[];

/**
 * Float64 numbers with a shape, in row-major order: the last axis lies side by side. It answers to `shape`, `dtype` and
 * `dataSync` as a tensor of TensorFlow.js does, so that charts and checks read it as well.
 */
export class NdArray {
  readonly shape: readonly number[];
  readonly dtype = "float64";

  /** @throws RangeError where the shape does not hold as many numbers as there are */
  constructor(
    readonly data: Float64Array,
    shape: readonly number[],
  ) {
    if (sizeOf(shape) !== data.length) refuse("NdArray()", "shape", `of ${data.length} numbers`, shape);
    this.shape = [...shape];
  }

  get size(): number {
    return this.data.length;
  }

  get rank(): number {
    return this.shape.length;
  }

  dataSync(): Float64Array {
    return this.data;
  }

  /** The number of an array that has just one. @throws RangeError where it has more */
  item(): number {
    if (this.size !== 1) refuse("item()", "the array", "a single number", this);
    return this.data[0];
  }

  /** As nested arrays. */
  toArray(): Nested {
    const nest = (depth: number, from: number, size: number): Nested => {
      if (depth === this.rank) return this.data[from];
      const step = size / this.shape[depth];
      return Array.from({ length: this.shape[depth] }, (_, i) => nest(depth + 1, from + i * step, step));
    };
    return nest(0, 0, this.size);
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `${this.constructor.name} float64 [${this.shape.join(", ")}]\n${inspect(this.toArray(), { compact: true, depth: 6, maxArrayLength: 20 })}`;
  }
}

/** How many numbers a shape holds: `[2, 3]` holds 6, `[]` holds 1. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** How far apart neighbours along each axis lie: `[2, 3, 4]` gives `[12, 4, 1]`. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  for (let axis = shape.length - 1, step = 1; axis >= 0; step *= shape[axis], axis--) strides[axis] = step;
  return strides;
}

export const zerosOf = (shape: readonly number[]): NdArray => new NdArray(new Float64Array(sizeOf(shape)), shape);

/**
 * Reads numbers, nested as deep as they are or flat with a shape.
 *
 * @throws TypeError where something else is among them, RangeError where rows differ in length or the shape does not fit
 */
export function readNumbers(
  where: string,
  values: Nested | ArrayLike<number> | NdArray,
  shape?: readonly number[],
): NdArray {
  if (values instanceof NdArray) return new NdArray(values.data.slice(), shape ?? values.shape);
  for (const size of shape ?? []) checkInteger(where, "each size of the shape", size, { min: 0 });
  const flat: number[] | ArrayLike<number> = ArrayBuffer.isView(values)
    ? (values as ArrayLike<number>)
    : flatten(where, values as Nested);
  const found = ArrayBuffer.isView(values) ? [flat.length] : shapeOf(where, values as Nested);
  if (shape && sizeOf(shape) !== flat.length) {
    refuse(where, "shape", `of ${flat.length} numbers`, shape);
  }
  return new NdArray(Float64Array.from(flat), shape ?? found);
}

function flatten(where: string, values: Nested): number[] {
  if (typeof values === "number") return [values];
  if (!Array.isArray(values))
    return refuse(where, "values", "numbers, or arrays of numbers", values, { kind: TypeError });
  return (values as readonly Nested[]).flatMap((value) => flatten(where, value));
}

function shapeOf(where: string, values: Nested): number[] {
  if (typeof values === "number") return [];
  const [first, ...rest] = values.map((value) => shapeOf(where, value));
  const even = rest.every((shape) => shape.join() === first.join());
  if (!even) refuse(where, "values", "rows of equal length", values);
  return [values.length, ...(first ?? [])];
}
