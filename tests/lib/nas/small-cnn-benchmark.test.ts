/** The table of all small CNNs that comes with nablab: what is in it, and what searches find there. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import {
  geneticSearch,
  localSearch,
  randomSearch,
  regularizedEvolution,
  SMALL_CNN_RECIPE,
  smallCnnJournal,
  smallCnnSpace,
  smallCnnTable,
  type JournalRow,
  type Search,
  type SmallCnn,
} from "../../../lib/src/nas";
import { drive } from "./drive";

const table = smallCnnTable();
const { space, results, seeds, best } = table;

/** The lines of a seed's journal after the first, which says how they were made. */
const linesOf = (seed: number) => readFileSync(smallCnnJournal(seed), "utf8").trim().split("\n").slice(1);
const journals = seeds.map((seed) => linesOf(seed).map((line) => JSON.parse(line) as JournalRow));

describe("the table of all small CNNs", () => {
  it("has every network of the space exactly once for each seed", () => {
    expect(seeds.length).toBeGreaterThanOrEqual(2);
    const keys = [...smallCnnSpace.all()].map((genotype) => smallCnnSpace.key(genotype)).sort();
    for (const rows of journals) expect(rows.map(({ key }) => key).sort()).toEqual(keys);
    expect(results.map(({ key }) => key).sort()).toEqual(keys);
    expect(new Set(keys).size).toBe(312);
  });

  it("counts as many parameters from the plan as the networks had that were trained", () => {
    const counted = new Map(results.map(({ key, parameters }) => [key, parameters]));
    const trained = journals.flat().map(({ key, details }) => [counted.get(key), details?.parameters]);
    expect(trained.filter(([plan, network]) => plan !== network)).toEqual([]);
    expect(Math.max(...results.map(({ parameters }) => parameters))).toBeLessThanOrEqual(300_000);
  });

  it("has scores that are the last of their curves, better than guessing and worse than perfect", () => {
    for (const { scores, curves, mean } of results) {
      expect(curves.map((curve) => curve.length)).toEqual(seeds.map(() => SMALL_CNN_RECIPE.epochs));
      expect(curves.map((curve) => curve.at(-1))).toEqual(scores);
      for (const score of scores) expect(score).toSatisfy((share: number) => share >= 0.09 && share < 0.8);
      expect(mean).toBeCloseTo(scores.reduce((a, b) => a + b) / scores.length, 12);
      expect(best.mean).toBeGreaterThanOrEqual(mean);
    }
  });

  it("finds the result of a genotype made by hand, and refuses what is no network of the space", () => {
    expect(table.resultOf({ ...best.genotype })).toBe(best);
    expect(() => table.resultOf({ ...best.genotype, width: 64 as 32 })).toThrow("wants width to be 8 or 16 or 32");
  });
});

type Make = (options: { evaluations: number; seed: number }) => Search<SmallCnn>;

const algorithms: Record<string, Make> = {
  random: (options) => randomSearch(space, options),
  genetic: (options) => geneticSearch(space, options),
  local: (options) => localSearch(space, options),
  evolution: (options) => regularizedEvolution(space, options),
};

/** For 200 seeds: how far below the best network a search ends, in percentage points. */
const gapsOf = (make: Make, evaluations: number, run: (search: Search<SmallCnn>) => unknown): number[] =>
  Array.from({ length: 200 }, (_, seed) => {
    const search = make({ evaluations, seed });
    run(search);
    return 100 * (best.mean - search.best()!.score);
  });

const shareWithin = (points: number, gaps: readonly number[]) =>
  gaps.filter((gap) => gap <= points).length / gaps.length;
const scoreOf = ({ genotype }: { genotype: SmallCnn }) => table.resultOf(genotype).mean;

describe("searches in the table, with 100 evaluations", () => {
  const gaps: Record<string, number[]> = {};

  beforeAll(() => {
    for (const [name, make] of Object.entries(algorithms)) {
      gaps[name] = gapsOf(make, 100, (search) => drive(search, scoreOf));
    }
  }, 180_000);

  it.each(["genetic", "local", "evolution"])("beat random search by more than four standard errors: %s", (name) => {
    expect(standardErrorsApart(gaps[name], gaps.random)).toBeGreaterThan(4);
  });

  it("come within 0.3 points of the best in half of the runs and more, where networks asked for again count: genetic", () => {
    expect(shareWithin(0.3, gaps.genetic)).toBeGreaterThan(0.5);
  });
});

describe("searches in the table, with 100 networks to train", () => {
  /** What was trained before is looked up, as `runSearch` does, and costs nothing. */
  function train100(search: Search<SmallCnn>): void {
    const trained = new Set<string>();
    while (!search.finished) {
      const { id, genotype, key } = search.ask();
      if (trained.size === 100 && !trained.has(key)) return;
      trained.add(key);
      search.tell({ id, score: scoreOf({ genotype }) });
    }
  }
  const gaps = (name: string) => gapsOf(algorithms[name], 3000, train100);

  it("come within 0.3 points of the best in at least 80 % of the runs: genetic search, far ahead of random search", () => {
    const [genetic, random] = ["genetic", "random"].map(gaps);
    expect(shareWithin(0.3, genetic)).toBeGreaterThanOrEqual(0.8);
    expect(standardErrorsApart(genetic, random)).toBeGreaterThan(4);
  }, 180_000);
});

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Welch's t: how many standard errors the mean of the second is above that of the first. */
function standardErrorsApart(first: readonly number[], second: readonly number[]): number {
  const [a, b] = [meanOf(first), meanOf(second)];
  const squared = (values: readonly number[], mean: number) =>
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) / values.length;
  return (b - a) / Math.sqrt(squared(first, a) + squared(second, b));
}
