import { describe, expect, it } from "vitest";
import { regularizedEvolution } from "../../../lib/src/nas/regularized-evolution";
import { drive } from "./drive";
import { digits } from "./spaces";

const sum = ({ genotype: { a, b, c } }: { genotype: { a: number; b: number; c: number } }) => a + b + c;

describe("regularizedEvolution", () => {
  it("lets the oldest go, not the worst: the only one that lives is the last child, whatever its score", () => {
    const history = drive(regularizedEvolution(digits, { evaluations: 30, population: 1 }), ({ id }) => -id);
    for (const { id, parents } of history.slice(1)) expect(parents).toEqual([id - 1]);
  });

  it("chooses the best of its sample among the last so many", () => {
    const history = drive(regularizedEvolution(digits, { evaluations: 80, population: 10, sample: 200, seed: 2 }), sum);
    for (const { id, parents = [] } of history.slice(10)) {
      const living = history.slice(id - 10, id);
      // Two hundred draws from ten see them all but once in 10^8 times.
      expect(history[parents[0]].score).toBe(Math.max(...living.map(({ score }) => score)));
    }
  });

  it("changes one gene of the parent", () => {
    const history = drive(regularizedEvolution(digits, { evaluations: 60 }), sum);
    expect(history.slice(0, 10).every(({ origin }) => origin === "sample")).toBe(true);
    for (const { genotype, parents = [] } of history.slice(10)) {
      const parent = history[parents[0]].genotype;
      expect((["a", "b", "c"] as const).filter((gene) => genotype[gene] !== parent[gene])).toHaveLength(1);
    }
  });
});
