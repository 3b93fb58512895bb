import { describe, expect, it } from "vitest";
import { geneticSearch, select } from "../../../lib/src/nas/genetic";
import { searchSpace } from "../../../lib/src/nas/search-space";
import { integer } from "../../../lib/src/nas/gene";
import { generator } from "../../../lib/src/random";
import { drive } from "./drive";
import { digits } from "./spaces";

type Digits = { a: number; b: number; c: number };
const sum = ({ genotype: { a, b, c } }: { genotype: Digits }) => a + b + c;

describe("geneticSearch", () => {
  it("evaluates a first population, then the children that the elite leaves room for", () => {
    const history = drive(geneticSearch(digits, { evaluations: 44, population: 10, elite: 2 }), sum);
    const sizes = [0, 1, 2, 3, 4, 5].map((round) => history.filter(({ generation }) => generation === round).length);
    expect(sizes).toEqual([10, 8, 8, 8, 8, 2]);
    expect(history.slice(0, 10).every(({ origin, parents }) => origin === "sample" && !parents)).toBe(true);
  });

  it("takes parents from the population: the elite and the generation before", () => {
    const history = drive(geneticSearch(digits, { evaluations: 58, population: 10, elite: 2, seed: 4 }), sum);
    let population = history.slice(0, 10);
    for (let generation = 1; generation <= 6; generation++) {
      const children = history.filter((candidate) => candidate.generation === generation);
      const ids = population.map(({ id }) => id);
      for (const { parents = [] } of children) for (const id of parents) expect(ids).toContain(id);
      const elite = [...population].sort((a, b) => b.score - a.score || a.id - b.id).slice(0, 2);
      population = [...elite, ...children];
    }
  });

  it("makes children by crossover alone: no gene that the first population had not", () => {
    const history = drive(geneticSearch(digits, { evaluations: 200, population: 6, mutationRate: 0 }), sum);
    for (const gene of ["a", "b", "c"] as const) {
      const first = new Set(history.slice(0, 6).map(({ genotype }) => genotype[gene]));
      for (const { genotype } of history) expect(first).toContain(genotype[gene]);
    }
    expect(new Set(history.slice(6).map(({ origin }) => origin))).toEqual(new Set(["crossover"]));
  });

  it("makes children by mutation alone: one gene from one parent", () => {
    const history = drive(geneticSearch(digits, { evaluations: 60, crossoverRate: 0 }), sum);
    for (const { genotype, parents = [], origin } of history.slice(20)) {
      expect([origin, parents.length]).toEqual(["mutation", 1]);
      const parent = history[parents[0]].genotype;
      expect((["a", "b", "c"] as const).filter((gene) => genotype[gene] !== parent[gene])).toHaveLength(1);
    }
  });

  it("finds the best of a thousand in a hundred and fifty", () => {
    const found = Array.from({ length: 20 }, (_, seed) => {
      const search = geneticSearch(digits, { evaluations: 150, seed });
      drive(search, sum);
      return search.best()!.score;
    });
    // Random search finds 27 in 14 % of such runs, and in nine of twenty with a chance of 1 in 1,000.
    expect(found.filter((score) => score === 27).length).toBeGreaterThanOrEqual(9);
  });

  it("stops after so many generations, or when the best stops improving", () => {
    const ended = geneticSearch(digits, { evaluations: 1000, population: 10, elite: 1, generations: 3 });
    expect(drive(ended, sum)).toHaveLength(10 + 3 * 9);
    const flat = geneticSearch(digits, { evaluations: 1000, population: 10, elite: 1, patience: 2 });
    expect(drive(flat, () => 1)).toHaveLength(10 + 2 * 9);
  });

  it("refuses options that contradict each other", () => {
    const make = (options: object) => () => geneticSearch(digits, { evaluations: 9, ...options });
    expect(make({ population: 4, elite: 4 })).toThrow(
      "geneticSearch() wants elite to be an integer from 0 to 3, got 4",
    );
    expect(make({ crossoverRate: 1.5 })).toThrow("wants crossoverRate to be a finite number from 0 to 1");
    expect(make({ crossover: "two-point" })).toThrow('wants crossover to be "uniform" or "one-point"');
    expect(make({ population: 4, elite: 2, outstanding: 3 })).toThrow("know some results of the one before");
  });
});

describe("select", () => {
  it("chooses the best of so many draws: rank r of n with the chance of a tournament", () => {
    const space = searchSpace({ a: integer(0, 3) });
    const search = geneticSearch(space, { evaluations: 4, population: 4 });
    const ids = [0, 1, 2, 3];
    ids.forEach(() => search.ask());
    ids.forEach((id) => search.tell({ id, score: id }));
    const rng = generator(1);
    const wins = [0, 0, 0, 0];
    for (let i = 0; i < 6400; i++) wins[select(search.history, 2, rng).id]++;
    // Of two draws from four the best is in place k with (2k + 1) / 16: 400, 1200, 2000, 2800 of 6400; 4 sigma is 160.
    wins.forEach((count, k) => expect(Math.abs(count - 400 * (2 * k + 1))).toBeLessThan(160));
  });
});
