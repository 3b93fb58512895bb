import { describe, expect, it } from "vitest";
import { bestSoFar } from "../../../lib/src/nas/best-so-far";

const history = [-Infinity, 3, 2, 5, 5, 4].map((score, id) => ({ id, score, key: "", genotype: 10 * id }));

describe("bestSoFar", () => {
  it("keeps the best, the first where they tie", () => {
    expect(bestSoFar(history)).toEqual([NaN, 3, 3, 5, 5, 5]);
  });

  it("reports another value of the best by score", () => {
    expect(bestSoFar(history, ({ genotype }) => genotype)).toEqual([NaN, 10, 10, 30, 30, 30]);
  });
});
