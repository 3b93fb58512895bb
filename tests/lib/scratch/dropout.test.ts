import { describe, expect, it } from "vitest";
import { scratch } from "../../../lib/src";
import { generator } from "../../../lib/src/random";
import { gradientError, normal } from "./layers";

const { dropout, tensor } = scratch;

describe("dropout", () => {
  it("zeroes its share and enlarges the rest, so that the sum stays about the same", () => {
    const y = dropout(tensor(new Float64Array(10_000).fill(1), [10_000]), 0.3, generator(1));
    const zeros = y.data.filter((value) => value === 0).length;
    expect(Math.abs(zeros - 3000)).toBeLessThan(5 * Math.sqrt(10_000 * 0.3 * 0.7)); // five standard deviations
    expect(new Set(y.data)).toEqual(new Set([0, 1 / 0.7]));
  });

  it("falls where its seed says", () => {
    const x = normal(1, [50]);
    const [a, b, c] = [1, 1, 2].map((seed) => [...dropout(x, 0.5, generator(seed)).data]);
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });

  it("has the gradients of finite differences", () => {
    const x = normal(2, [4, 5]);
    expect(gradientError(() => dropout(x, 0.4, generator(3)), [x])).toBeLessThan(1e-7);
  });

  it("changes nothing at a rate of 0, and refuses a rate of 1", () => {
    const x = normal(1, [5]);
    expect(dropout(x, 0, generator(1)).data).toBeAllclose(x.data);
    expect(() => dropout(x, 1, generator(1))).toThrow(/rate.*a rate of 1 would leave nothing/);
  });
});
