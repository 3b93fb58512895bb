import { describe, expect, it } from "vitest";
import { generator } from "../../../lib/src/random";
import { box, discrete } from "../../../lib/src/rl";

describe("discrete", () => {
  it("draws all its choices alike and holds nothing else", () => {
    const space = discrete(3);
    const rng = generator(1);
    const counts = [0, 0, 0];
    for (let i = 0; i < 3000; i++) counts[space.sample(rng)]++;
    for (const count of counts) expect(count / 3000).toBeAllclose(1 / 3, { atol: 0.03 });
    expect([0, 2].every(space.contains)).toBe(true);
    expect([-1, 3, 0.5, NaN, "1", [1], undefined].some(space.contains)).toBe(false);
    expect(space).toMatchObject({ shape: [], size: 3 });
  });

  it.each([0, 1.5, NaN])("refuses %d choices", (n) => {
    expect(() => discrete(n)).toThrow(/^discrete\(\) wants n to be an integer from 1 up/);
  });
});

describe("box", () => {
  it("takes one bound for all or one each, and the shape from them", () => {
    expect(box(-1, 1)).toMatchObject({ shape: [1], size: 1 });
    expect(box(-1, [1, 2, 3]).low).toEqual(new Float32Array([-1, -1, -1]));
    expect(box(0, 255, [2, 3])).toMatchObject({ shape: [2, 3], size: 6 });
  });

  it("draws uniformly between bounds, exponentially from one, normally without, as Gymnasium does", () => {
    const space = box([-1, 2, -Infinity, -Infinity], [3, Infinity, 2, Infinity]);
    const rng = generator(2);
    const draws = Array.from({ length: 20_000 }, () => space.sample(rng));
    const moment = (i: number, power: number) => draws.reduce((sum, draw) => sum + draw[i] ** power, 0) / draws.length;
    expect([0, 1, 2, 3].map((i) => moment(i, 1))).toBeAllclose([1, 3, 1, 0], { atol: 0.04 });
    const variances = [0, 1, 2, 3].map((i) => moment(i, 2) - moment(i, 1) ** 2);
    expect(variances).toBeAllclose([16 / 12, 1, 1, 1], { atol: 0.06 });
    expect(draws.every(space.contains)).toBe(true);
  });

  it("holds arrays of its length within its bounds", () => {
    const space = box([-1, 0], [1, Infinity]);
    expect([[1, 0], new Float32Array([-1, 9])].every(space.contains)).toBe(true);
    expect([[1], [1.1, 0], [0, NaN], 0, null, "ab", ["1", "2"]].some(space.contains)).toBe(false);
  });

  it("refuses bounds that cross, are no numbers, or don't fit the shape", () => {
    expect(() => box(1, -1)).toThrow("box() wants low[0] to be at most high, which is -1, got 1.");
    expect(() => box([0, NaN], 1)).toThrow(RangeError);
    expect(() => box([0, 0], 1, [3])).toThrow("box() wants low to be one number, or 3 for the shape, got [0, 0].");
    expect(() => box(0, 1, [0])).toThrow(/shape\[0\]/);
  });
});
