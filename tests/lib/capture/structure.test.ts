import { describe, expect, it } from "vitest";
import { runInNewContext } from "node:vm";
import { describe as take, fits, fixNumbers, Leaves, print, rebuild } from "../../../lib/src/capture/structure";
import { tf } from "../../../lib/src/tensorflow";

const empty = (): Leaves => ({ tensors: [], numbers: [] });
const value = { x: tf.ones([2, 3]), list: [tf.scalar(1, "int32"), 4, "mean", true], none: undefined };

describe("a structure", () => {
  it("takes tensors and numbers out in order, and puts others in their places", () => {
    const leaves = empty();
    const structure = take(value, leaves);
    expect(leaves).toEqual({ tensors: [value.x, value.list[0]], numbers: [4] });
    const [a, b] = [tf.zeros([2, 3]), tf.scalar(2, "int32")];
    expect(rebuild(structure, { tensors: [a, b], numbers: [9] })).toEqual({
      x: a,
      list: [b, 9, "mean", true],
      none: undefined,
    });
    expect(print(structure)).toBe("{x: [2,3] float32, list: [[] int32, number, mean, true], none: undefined}");
  });

  it("fits values of the same shapes, dtypes and settings only", () => {
    const structure = take(value, empty());
    const fit = (change: object): boolean => fits(structure, { ...value, ...change }, empty());
    expect(fit({})).toBe(true);
    expect(fit({ x: tf.zeros([2, 3]), list: [tf.scalar(5, "int32"), -1, "mean", true] })).toBe(true);
    for (const other of [
      { x: tf.ones([3, 2]) },
      { x: tf.ones([2, 3], "int32") },
      { x: tf.variable(tf.ones([2, 3])) },
      { x: 1 },
      { list: value.list.slice(1) },
      { list: [value.list[0], tf.scalar(4), "mean", true] },
      { list: [value.list[0], 4, "sum", true] },
      { list: { ...value.list } },
      { more: 1 },
    ]) {
      expect(fit(other)).toBe(false);
    }
  });

  it("fits many of them stacked, where it is told to look behind the first axis", () => {
    const structure = take(value, empty());
    const stacked = { ...value, x: tf.ones([5, 2, 3]), list: [tf.ones([5], "int32"), 4, "mean", true] };
    expect(fits(structure, stacked, empty())).toBe(false);
    expect(fits(structure, value, empty(), 1)).toBe(false);
    const leaves = empty();
    expect(fits(structure, stacked, leaves, 1)).toBe(true);
    expect(leaves).toEqual({ tensors: [stacked.x, stacked.list[0]], numbers: [4] });
    expect(fits(structure, { ...stacked, x: tf.ones([5, 3, 3]) }, empty(), 1)).toBe(false);
  });

  it("fits fixed numbers only where they are the same", () => {
    const structure = fixNumbers(take([1, 2], empty()), [1, 2], new Set([1]));
    expect(
      [
        [5, 2],
        [5, 3],
      ].map((numbers) => fits(structure, numbers, empty())),
    ).toEqual([true, false]);
  });

  it("knows plain objects of other contexts, such as a notebook cell's, and leaves class instances whole", () => {
    const foreign = runInNewContext("({ n: 3 })") as object;
    expect(take(foreign, empty()).kind).toBe("object");
    expect(take(new Map(), empty()).kind).toBe("fixed");
  });
});
