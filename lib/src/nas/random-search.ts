import { checkOptions } from "../check";
import { generator } from "../random";
import { searchBySteps, type Search, type SearchOptions } from "./search";
import type { Sampled } from "./space";

export interface RandomSearchOptions extends SearchOptions {
  /** The same seed asks the same candidates. @default 0 */
  seed?: number | string;
}

/**
 * Random search: every candidate is drawn anew, and no result changes what comes next. It is the bar that any cleverer
 * search has to clear at equal budget, and often a high one. The same network may come twice, as in the published runs.
 *
 * Bergstra and Bengio: Random search for hyper-parameter optimization. JMLR 2012; Li and Talwalkar: Random search and
 * reproducibility for neural architecture search. UAI 2019.
 */
export function randomSearch<Genotype>(space: Sampled<Genotype>, options: RandomSearchOptions): Search<Genotype> {
  checkOptions("randomSearch()", options, ["evaluations", "outstanding", "seed"]);
  const rng = generator(options.seed ?? 0).split("random search");
  function* steps() {
    const all = Array.from({ length: options.evaluations }, () => ({ genotype: space.sample(rng), origin: "sample" }));
    yield all;
  }
  return searchBySteps("randomSearch", steps(), (genotype) => space.key(genotype), options);
}
