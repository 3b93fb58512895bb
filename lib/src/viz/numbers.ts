/** Numbers in and out of charts: tensors and arrays become arrays; stored digits are those a reader can see. */
import { checkTensor, describe, refuse, type Shaped } from "../check";

/** Numbers as a lesson has them at hand: a tensor, a typed array, an array, or nested arrays. */
export type Numbers = ReadableTensor | ArrayLike<number> | ArrayLike<ArrayLike<number>>;

/** A tensor of any backend. It is read, never disposed of. */
export interface ReadableTensor extends Shaped {
  dataSync(): ArrayLike<number>;
}

/** The numbers, in row-major order. @throws TypeError where these are none, RangeError where there are none */
export function readNumbers(where: string, name: string, values: Numbers): ArrayLike<number> {
  const numbers = flat(where, name, values);
  if (numbers.length === 0) refuse(where, name, "at least one number", values);
  return numbers;
}

function flat(where: string, name: string, values: Numbers): ArrayLike<number> {
  if (isTensor(values)) {
    checkTensor(where, name, values);
    return values.dataSync();
  }
  if (ArrayBuffer.isView(values)) return values as unknown as ArrayLike<number>;
  if (!Array.isArray(values))
    return refuse(where, name, "a tensor or an array of numbers", values, { kind: TypeError });
  const all: unknown[] = (values as unknown[]).flatMap((v) => (isRow(v) ? Array.from(v) : [v]));
  const odd = all.find((value) => typeof value !== "number");
  if (odd !== undefined) {
    throw new TypeError(`${where} wants ${name} to be numbers, got ${describe(odd)} among them.`);
  }
  return all as number[];
}

const isRow = (value: unknown): value is ArrayLike<number> => Array.isArray(value) || ArrayBuffer.isView(value);

/** Whether this is a tensor, told by what it has: several copies of TensorFlow.js may be loaded. */
export function isTensor(value: unknown): value is ReadableTensor {
  const tensor = value as Partial<ReadableTensor> | null;
  return typeof tensor === "object" && typeof tensor?.dataSync === "function" && Array.isArray(tensor.shape);
}

/**
 * A number with as many digits as a chart can show. Outputs are committed, and 0.30000001192092896 takes three times the
 * room of 0.3. What is not finite becomes null: JSON has no NaN, and Vega-Lite leaves a gap there.
 */
export function rounded(value: number, digits = 5): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : null;
}

/** A number for a sentence: at most four significant digits, no exponent where it can be avoided. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(2);
  return String(Number(value.toPrecision(size >= 1000 ? 6 : 4)));
}
