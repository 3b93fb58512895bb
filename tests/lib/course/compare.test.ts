import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { difference, writeTolerance } from "../../../lib/src/course/compare";

describe("difference", () => {
  it("finds none between a value and itself, whatever it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(difference(value, structuredClone(value))).toBeUndefined();
      }),
    );
  });

  it("follows |got - expected| <= atol + rtol · |expected| to the border", () => {
    expect(difference([100.9], [100], { atol: 0.5, rtol: 0.005 })).toBeUndefined();
    expect(difference([101.1], [100], { atol: 0.5, rtol: 0.005 })).toContain("off by 1.1");
    expect(difference(NaN, NaN)).toBeUndefined();
    expect(difference(Infinity, Infinity)).toBeUndefined();
    expect(difference(-Infinity, Infinity)).toBeDefined();
    expect(difference(5, Infinity)).toBe("There is 5, where Infinity is expected.");
  });

  it("names the place of the worst number in a matrix", () => {
    expect(
      difference(
        [
          [1, 2],
          [3, 9],
        ],
        [
          [1, 2],
          [3, 4],
        ],
      ),
    ).toBe("1 of 4 numbers are off, the furthest is 9 at [1, 1], expected 4 (off by 5).");
  });

  it("looks into records and lists of mixed things", () => {
    expect(difference({ loss: 1, name: "b" }, { loss: 1, name: "a" })).toBe('In name: Expected "a", got "b".');
    expect(difference(["a", 1], ["a", 2])).toContain("In 1: Got 1, expected 2");
    expect(difference(["a"], ["a", "b"])).toBe("Expected 2 items, got 1.");
    expect(difference(null, { a: 1 })).toContain("got null");
    expect(difference(true, false)).toBe("Expected false, got true.");
  });

  it("asks for what is probably missing", () => {
    expect(difference(undefined, 1)).toContain("`return`");
    expect(difference(Promise.resolve(1), 1)).toContain("`await`");
  });

  it("writes tolerances for a reader", () => {
    expect(writeTolerance(3, {})).toBe("exact");
    expect(writeTolerance([0.5], {})).toBe("± 0.01 % + 1e-6");
    expect(writeTolerance(0.5, { atol: 0.01, rtol: 0 })).toBe("± 0.01");
    expect(writeTolerance("a", {})).toBe("");
  });
});
