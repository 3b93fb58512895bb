import { readGrid, sameShape, writeValue, type Grid } from "./value";

/** How far two numbers may be apart: `|got - expected| <= atol + rtol · |expected|`. */
export interface Tolerance {
  /** @default 1e-6 */
  atol?: number;
  /** As a share of the expected value. @default 1e-4, which leaves room for float32; 0 where a whole number is expected */
  rtol?: number;
}

/** Counts must be right to the last one: a ten-thousandth of 101,770 parameters would hide ten forgotten biases. */
const isCount = ({ kind, dtype, data }: Grid): boolean =>
  dtype === "int32" || dtype === "bool" || (kind === "number" && Number.isInteger(data[0]));

const toleranceFor = (expected: Grid, { atol = 1e-6, rtol = isCount(expected) ? 0 : 1e-4 }: Tolerance) => ({
  atol,
  rtol,
});

/** The tolerance as a reader sees it: `± 0.01 % + 1e-6`, `exact`; nothing for texts and the like. */
export function writeTolerance(expected: unknown, tolerance: Tolerance): string {
  const grid = readGrid(expected);
  if (!grid) return "";
  const { atol, rtol } = toleranceFor(grid, tolerance);
  if (rtol === 0) return atol <= 1e-6 ? "exact" : `± ${writeValue(atol)}`;
  return `± ${writeValue(100 * rtol)} %${atol > 0 ? ` + ${atol < 1e-3 ? atol.toExponential() : atol}` : ""}`;
}

/**
 * Says in a sentence how an answer differs from what was expected; `undefined` where it doesn't. The most telling difference
 * comes first: nothing at all, the wrong kind, the wrong shape, the wrong dtype, NaN, and only then wrong numbers.
 */
export function difference(got: unknown, expected: unknown, tolerance: Tolerance = {}): string | undefined {
  if (got === undefined && expected !== undefined) return "There is no result. Is a `return` missing?";
  if (got instanceof Promise) return "The result is a promise. Is an `await` missing?";
  const [mine, theirs] = [readGrid(got), readGrid(expected)];
  if (mine && theirs) return gridDifference(mine, theirs, tolerance);
  if (theirs) return `Expected ${kindOf(theirs)}, got ${writeValue(got)}.`;
  if (isRecord(expected)) return recordDifference(got, expected, tolerance);
  return Object.is(got, expected) ? undefined : `Expected ${writeValue(expected)}, got ${writeValue(got)}.`;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function recordDifference(got: unknown, expected: Record<string, unknown>, tolerance: Tolerance): string | undefined {
  if (!isRecord(got)) return `Expected ${writeValue(expected)}, got ${writeValue(got)}.`;
  if (Array.isArray(expected) && Array.isArray(got) && got.length !== expected.length) {
    return `Expected ${expected.length} items, got ${got.length}.`;
  }
  for (const [name, value] of Object.entries(expected)) {
    const found = difference(got[name], value, tolerance);
    if (found !== undefined) return `In ${name}: ${found}`;
  }
  return undefined;
}

const kindOf = ({ kind, shape }: Grid): string =>
  kind === "number" ? "a number" : `${kind === "tensor" ? "a tensor" : "an array"} of shape [${shape.join(", ")}]`;

function gridDifference(got: Grid, expected: Grid, tolerance: Tolerance): string | undefined {
  if (expected.kind === "tensor" && got.kind !== "tensor") return `Expected ${kindOf(expected)}, got ${kindOf(got)}.`;
  if (!sameShape(got.shape, expected.shape)) {
    return `Wrong shape: expected ${kindOf(expected)}, got ${kindOf(got)}.`;
  }
  if (expected.dtype !== undefined && got.dtype !== expected.dtype) {
    return `Wrong dtype: expected ${expected.dtype}, got ${got.dtype}.`;
  }
  return numberDifference(got, expected, tolerance);
}

function numberDifference(got: Grid, expected: Grid, tolerance: Tolerance): string | undefined {
  const { atol, rtol } = toleranceFor(expected, tolerance);
  let [wrong, worst, worstBy] = [0, -1, -1];
  for (let i = 0; i < expected.data.length; i++) {
    const [mine, theirs] = [got.data[i], expected.data[i]];
    if (mine === theirs || (Number.isNaN(mine) && Number.isNaN(theirs))) continue;
    // Infinity is within no tolerance: by the formula alone, everything would be near it.
    if (!Number.isFinite(mine) || !Number.isFinite(theirs)) {
      return `There is ${mine}${placeIn(expected, i)}, where ${writeValue(theirs)} is expected.`;
    }
    if (Math.abs(mine - theirs) <= atol + rtol * Math.abs(theirs)) continue;
    wrong++;
    if (Math.abs(mine - theirs) > worstBy) [worst, worstBy] = [i, Math.abs(mine - theirs)];
  }
  if (wrong === 0) return undefined;
  const off = `${writeValue(got.data[worst])}${placeIn(expected, worst)}, expected ${writeValue(expected.data[worst])}`;
  const many =
    expected.data.length > 1 ? `${wrong} of ${expected.data.length} numbers are off, the furthest is ` : "Got ";
  return `${many}${off} (off by ${writeValue(worstBy)}).`;
}

/** ` at [1, 2]`; nothing for a single number. */
function placeIn({ shape }: Grid, at: number): string {
  if (shape.length === 0) return "";
  const place = [...shape];
  for (let axis = shape.length - 1, rest = at; axis >= 0; axis--) {
    place[axis] = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  return ` at [${place.join(", ")}]`;
}
