/** What holds for every algorithm. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  geneticSearch,
  localSearch,
  randomSearch,
  regularizedEvolution,
  reinforceController,
  successiveHalving,
  type Search,
  type SearchOptions,
} from "../../../lib/src/nas";
import type { Genotype } from "../../../lib/src/nas/search-space";
import { drive, driveMixed } from "./drive";
import { mixed } from "./spaces";

type Mixed = Genotype<typeof mixed>;
type Make = (options: SearchOptions & { seed: number }) => Search<Mixed>;

const algorithms: Record<string, Make> = {
  randomSearch: (options) => randomSearch(mixed, options),
  geneticSearch: (options) => geneticSearch(mixed, { population: 8, ...options }),
  regularizedEvolution: (options) => regularizedEvolution(mixed, { population: 4, ...options }),
  localSearch: (options) => localSearch(mixed, options),
  reinforceController: (options) => reinforceController(mixed, options),
  successiveHalving: (options) => successiveHalving(mixed, { maxFidelity: 9, ...options }),
};

/** Prefers deep and narrow networks with convolutions; one in seven fails. */
const score = ({ genotype, fidelity = 1 }: { genotype: Mixed; fidelity?: number }): number | undefined => {
  const { depth, width, cell } = genotype;
  const convolutions = cell.filter((operation) => operation === "conv").length;
  if ((depth * width + 3 * convolutions) % 7 === 3) return undefined;
  return depth - width / 40 + convolutions / 3 + fidelity / 100;
};

describe.each(Object.entries(algorithms))("%s", (_, make) => {
  it("asks the same for the same seed, whatever finishes first", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 1000 }),
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.nat(), { minLength: 5, maxLength: 50 }),
        (seed, outstanding, luck) => {
          const options = { evaluations: 45, outstanding, seed };
          const straight = drive(make(options), score);
          expect(driveMixed(make(options), score, [...luck, 1, 0])).toEqual(straight);
          expect(straight).toHaveLength(45);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("asks something else for another seed", () => {
    const asked = (seed: number) => drive(make({ evaluations: 30, seed }), score).map(({ key }) => key);
    expect(asked(1)).not.toEqual(asked(2));
  });

  it("asks only for what the space allows, with the key that the space gives it, and says where it comes from", () => {
    const history = drive(make({ evaluations: 60, seed: 3 }), score);
    for (const { id, genotype, key, parents = [], origin } of history) {
      expect(mixed.allows(genotype)).toBe(true);
      expect(key).toBe(mixed.key(genotype));
      for (const parent of parents) expect(parent).toBeLessThan(id);
      expect(origin).toBeTypeOf("string");
    }
  });

  it("goes on where everything fails", () => {
    const search = make({ evaluations: 40, seed: 1 });
    expect(drive(search, () => undefined)).toHaveLength(40);
    expect(search.best()).toBeUndefined();
  });

  it("needs less than a millisecond to ask and to tell", () => {
    const search = make({ evaluations: 500, seed: 1 });
    const began = process.cpuUsage();
    drive(search, score);
    const { user } = process.cpuUsage(began);
    expect(user / 1000 / 500).toBeLessThan(1);
  });

  it("refuses options that do not exist", () => {
    expect(() => make({ evaluations: 5, seed: 1, outstandig: 2 } as never)).toThrow("did you mean outstanding?");
    expect(() => make({ evaluations: 0, seed: 1 })).toThrow("wants evaluations to be an integer from 1 up, got 0");
  });
});
