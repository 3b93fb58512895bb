import { describe, expect, it } from "vitest";
import { choice, integer, when } from "../../../lib/src/nas/gene";

describe("genes", () => {
  it("number their options in the order given", () => {
    expect(choice(["max", "average"]).encode("average")).toEqual([1]);
    expect(choice(["max", "average"]).decode([0])).toBe("max");
    expect(integer(3, 5).encode(5)).toEqual([2]);
    expect(integer(3, 5).decode([1])).toBe(4);
  });

  it("have no number for other values", () => {
    expect(choice([1, 2]).encode("1")).toBeUndefined();
    expect(integer(3, 5).encode(3.5)).toBeUndefined();
    expect(integer(3, 5).encode("4")).toBeUndefined();
    expect(integer(3, 5).encode(6)).toBeUndefined();
  });

  it("refuse descriptions that mean nothing", () => {
    expect(() => choice([])).toThrow("choice() wants values to be at least one");
    expect(() => choice([1, 2, 1])).toThrow("choice() wants values to be different from each other, got 1");
    expect(() => integer(3, 2)).toThrow("integer() wants high to be an integer from 3 up, got 2");
    expect(() => when({}, integer(1, 2))).toThrow("when() wants condition to be about at least one gene");
    expect(() => when({ a: 1 }, when({ b: 1 }, integer(1, 2)))).toThrow("Remedy: put both into one condition");
  });
});
