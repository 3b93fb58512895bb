import { checkOptions } from "../check";
import { generator } from "../random";
import { searchBySteps, type Search, type SearchOptions } from "./search";
import type { SearchSpace } from "./search-space";

export interface ExhaustiveSearchOptions extends Partial<SearchOptions> {
  /** Of the order in which they come. @default 0 */
  seed?: number | string;
}

/**
 * Asks for every network of a space once, in random order: what a small enough space allows, and what tells how good the
 * other searches are. With fewer `evaluations` it is random search that never draws a network again.
 *
 * @example await runSearch(exhaustiveSearch(smallCnnSpace), smallCnnTrainer(train), { journal: "all.jsonl" });
 */
export function exhaustiveSearch<Genotype extends object>(
  space: SearchSpace<Genotype>,
  options: ExhaustiveSearchOptions = {},
): Search<Genotype> {
  checkOptions("exhaustiveSearch()", options, ["evaluations", "outstanding", "seed"]);
  const { seed = 0, outstanding } = options;
  const order = generator(seed)
    .split("exhaustive search")
    .shuffle([...space.all()]);
  function* steps() {
    yield order.map((genotype) => ({ genotype, origin: "every" }));
  }
  const evaluations = options.evaluations ?? order.length;
  return searchBySteps("exhaustiveSearch", steps(), (genotype) => space.key(genotype), { evaluations, outstanding });
}
