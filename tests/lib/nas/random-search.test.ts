import { describe, expect, it } from "vitest";
import { randomSearch } from "../../../lib/src/nas/random-search";
import type { RandomGenerator } from "../../../lib/src/random";

const dice = { sample: (rng: RandomGenerator) => rng.integer(1, 7), key: String };

function faces(seed: number): number[] {
  const search = randomSearch(dice, { evaluations: 600, seed });
  const asked: number[] = [];
  while (!search.finished) {
    const { id, genotype } = search.ask();
    asked.push(genotype);
    search.tell({ id, score: genotype });
  }
  expect(search.best()).toMatchObject({ id: asked.indexOf(6), genotype: 6, key: "6", origin: "sample" });
  return asked;
}

describe("randomSearch", () => {
  it("draws all of the space, the same for the same seed", () => {
    const asked = faces(1);
    expect(faces(1)).toEqual(asked);
    expect(faces(2)).not.toEqual(asked);
    // 100 of each face are expected, with a standard deviation of √(600 · 1/6 · 5/6) = 9.1.
    for (let face = 1; face <= 6; face++)
      expect(Math.abs(asked.filter((f) => f === face).length - 100)).toBeLessThan(37);
  });

  it("waits for nothing: all candidates can be evaluated at once", () => {
    const search = randomSearch(dice, { evaluations: 5 });
    for (let i = 0; i < 5; i++) expect(search.ask().id).toBe(i);
    expect(search.canAsk).toBe(false);
    for (let i = 4; i >= 0; i--) search.tell({ id: i, score: 0 });
    expect(search.finished).toBe(true);
    expect(search.best()?.id).toBe(0);
  });

  it("refuses an option that does not exist", () => {
    expect(() => randomSearch(dice, { evaluations: 1, sed: 1 } as never)).toThrow("did you mean seed?");
  });
});
