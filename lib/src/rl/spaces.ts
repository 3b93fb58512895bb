import { checkInteger, describe, refuse } from "../check";
import type { RandomGenerator } from "../random";

/** A choice among `n`: the numbers 0 to n - 1. */
export interface Discrete {
  readonly kind: "discrete";
  /** How many choices there are. */
  readonly n: number;
  readonly shape: readonly [];
  /** Numbers that a network sees or gives: n, one a choice. */
  readonly size: number;
  /** One of the choices, all equally likely. */
  sample(random: RandomGenerator): number;
  contains(value: unknown): boolean;
}

/** Arrays of real numbers, each between its own bounds; a bound may be infinite. */
export interface Box {
  readonly kind: "box";
  /** The smallest value of each number, row by row. */
  readonly low: Float32Array;
  /** The largest value of each number, row by row. */
  readonly high: Float32Array;
  readonly shape: readonly number[];
  /** Numbers that a network sees or gives: the product of the shape. */
  readonly size: number;
  /** Uniform between two bounds, exponential from one bound on, normal where there is none, as in Gymnasium. */
  sample(random: RandomGenerator): Float32Array;
  contains(value: unknown): boolean;
}

/** What an observation or an action can be. */
export type Space = Discrete | Box;

/** A member of a space: an integer of a `Discrete`, an array of a `Box`. */
export type Member<S extends Space> = S extends Discrete
  ? number
  : S extends Box
    ? Float32Array
    : number | Float32Array;

/** What is taken as a member: any array-like of numbers for a `Box`. */
export type MemberLike<S extends Space> = S extends Discrete
  ? number
  : S extends Box
    ? ArrayLike<number>
    : number | ArrayLike<number>;

/**
 * A space of `n` choices, numbered from 0. Gymnasium: `spaces.Discrete(n)`.
 *
 * @throws RangeError where n is no integer from 1 up
 */
export function discrete(n: number): Discrete {
  checkInteger("discrete()", "n", n, { min: 1 });
  return {
    ...{ kind: "discrete", n, shape: [], size: n },
    sample: (random) => random.integer(0, n),
    contains: (value) => typeof value === "number" && Number.isInteger(value) && value >= 0 && value < n,
  };
}

/**
 * A space of arrays between two bounds. Gymnasium: `spaces.Box(low, high, shape)`, in float32.
 *
 * @param low the smallest value: one number for all, or one each
 * @param high the largest value: one number for all, or one each
 * @param shape by default that of the bounds: `[length]`, or `[1]` for two plain numbers
 * @throws RangeError where a bound is NaN, a low bound is above the high one, or lengths don't match the shape
 */
export function box(
  low: number | ArrayLike<number>,
  high: number | ArrayLike<number>,
  shape: readonly number[] = [lengthOf(low) ?? lengthOf(high) ?? 1],
): Box {
  shape.forEach((length, axis) => checkInteger("box()", `shape[${axis}]`, length, { min: 1 }));
  const size = shape.reduce((product, length) => product * length, 1);
  const lows = bounds("low", low, size);
  const highs = bounds("high", high, size);
  lows.forEach((value, i) => {
    if (!(value <= highs[i])) refuse("box()", `low[${i}]`, `at most high, which is ${highs[i]}`, value);
  });
  return {
    ...{ kind: "box", low: lows, high: highs, shape: [...shape], size },
    sample: (random) => Float32Array.from(lows, (_, i) => sampleBetween(random, lows[i], highs[i])),
    contains: (value) => isNumbers(value, size) && lows.every((_, i) => value[i] >= lows[i] && value[i] <= highs[i]),
  };
}

const lengthOf = (bound: number | ArrayLike<number>) => (typeof bound === "number" ? undefined : bound.length);

function bounds(name: string, bound: number | ArrayLike<number>, size: number): Float32Array {
  if (typeof bound === "number") return new Float32Array(size).fill(bound);
  if (bound.length === size) return Float32Array.from(bound);
  return refuse("box()", name, `one number, or ${size} for the shape`, Array.from(bound));
}

function sampleBetween(random: RandomGenerator, low: number, high: number): number {
  if (low === -Infinity && high === Infinity) return random.normal();
  if (high === Infinity) return low - Math.log(1 - random.uniform());
  if (low === -Infinity) return high + Math.log(1 - random.uniform());
  return Math.min(high, Math.max(low, random.uniform(low, high)));
}

function isNumbers(value: unknown, size: number): value is ArrayLike<number> {
  const array = value as ArrayLike<unknown> | null;
  return typeof array === "object" && array?.length === size && typeof array[0] === "number";
}

/** Numbers that an action takes up in a flat array of actions: 1 for a choice, the size of a box. */
export const actionSizeOf = (space: Space): number => (space.kind === "discrete" ? 1 : space.size);

/** A space in a few words: `discrete(2)`, `box of shape [4]`. */
export const describeSpace = (space: Space): string =>
  space.kind === "discrete" ? `discrete(${space.n})` : `box of shape [${space.shape.join(", ")}]`;

/** A value in a few words, arrays of numbers by their length: what errors of this room say they got. */
export const describeMember = (value: unknown): string =>
  ArrayBuffer.isView(value)
    ? `a ${value.constructor.name} of length ${(value as Float32Array).length}`
    : describe(value);
