import { checkOptions } from "../check";
import { generator } from "../random";
import { searchBySteps, type Evaluated, type Search, type SearchOptions, type Steps } from "./search";
import type { Walkable } from "./space";

export interface LocalSearchOptions extends SearchOptions {
  /** The same seed makes the same decisions. @default 0 */
  seed?: number | string;
}

/**
 * Local search: from a random network on to the first neighbour that is better, in random order, until no neighbour is;
 * then again from another random network. Neighbours that it has asked about before are passed over.
 *
 * With more than one outstanding, a climb goes on trying neighbours of where it was until it hears of a better one.
 *
 * White, Nolen and Savani: Exploring the loss landscape in neural architecture search. UAI 2021.
 */
export function localSearch<Genotype>(space: Walkable<Genotype>, options: LocalSearchOptions): Search<Genotype> {
  checkOptions("localSearch()", options, ["evaluations", "outstanding", "seed"]);
  const rng = generator(options.seed ?? 0).split("local search");

  function* climb(): Steps<Genotype> {
    const seen = new Set<string>();
    for (let generation = 0; ; generation++) {
      let current: Evaluated<Genotype> | undefined;
      let untried: Genotype[] = [];
      const hear = (results: readonly Evaluated<Genotype>[]) => {
        for (const result of results) {
          // What a climb before has asked for comes too late.
          if (result.generation !== generation || (current && result.score <= current.score)) continue;
          current = result;
          untried = rng.shuffle(space.neighbours(result.genotype).filter((other) => !seen.has(space.key(other))));
        }
      };
      const start = space.sample(rng);
      seen.add(space.key(start));
      hear(yield [{ genotype: start, origin: "sample", generation }]);
      while (current === undefined) {
        const another = space.sample(rng);
        seen.add(space.key(another));
        hear(yield [{ genotype: another, origin: "sample", generation }]);
      }
      for (let next = untried.pop(); next !== undefined; next = untried.pop()) {
        // Two neighbours may be the same network.
        const key = space.key(next);
        if (seen.has(key)) continue;
        seen.add(key);
        const parents: number[] = [(current as Evaluated<Genotype>).id];
        hear(yield [{ genotype: next, origin: "neighbour", parents, generation }]);
      }
    }
  }
  return searchBySteps("localSearch", climb(), (genotype) => space.key(genotype), options);
}
