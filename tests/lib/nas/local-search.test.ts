import { describe, expect, it } from "vitest";
import { localSearch } from "../../../lib/src/nas/local-search";
import { drive } from "./drive";
import { digits } from "./spaces";

type Digits = { a: number; b: number; c: number };
const sum = ({ genotype: { a, b, c } }: { genotype: Digits }) => a + b + c;

describe("localSearch", () => {
  it("goes on to the first neighbour that is better", () => {
    const history = drive(localSearch(digits, { evaluations: 60, seed: 1 }), sum);
    const climb = history.filter(({ generation }) => generation === 0);
    let current = climb[0];
    for (const candidate of climb.slice(1)) {
      expect(candidate.parents).toEqual([current.id]);
      if (candidate.score > current.score) current = candidate;
    }
    expect(current.genotype).toEqual({ a: 9, b: 9, c: 9 });
  });

  it("starts anew where no neighbour is better, after having asked about all of them", () => {
    const history = drive(localSearch(digits, { evaluations: 60 }), () => 1);
    // 27 neighbours of the first network, then another one.
    expect(history.findIndex(({ generation }) => generation === 1)).toBe(28);
    expect(new Set(history.slice(0, 28).map(({ key }) => key)).size).toBe(28);
    expect(history[28].origin).toBe("sample");
  });

  it("asks about no neighbour twice", () => {
    const history = drive(localSearch(digits, { evaluations: 300 }), ({ genotype: { a, b, c } }) => (a * b * c) % 17);
    const neighbours = history.filter(({ origin }) => origin === "neighbour");
    expect(new Set(neighbours.map(({ key }) => key)).size).toBe(neighbours.length);
  });
});
