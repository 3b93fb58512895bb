import { checkInteger, checkOptions } from "../check";
import { generator } from "../random";
import { select } from "./genetic";
import { searchBySteps, type Evaluated, type Search, type SearchOptions, type Steps } from "./search";
import type { Mutable } from "./space";

export interface RegularizedEvolutionOptions extends SearchOptions {
  /** How many live at a time. @default 10 */
  population?: number;
  /** How many are drawn, with replacement, to find a parent: the best of them. @default 3 */
  sample?: number;
  /** The same seed makes the same decisions. @default 0 */
  seed?: number | string;
}

/**
 * Regularized evolution, or aging evolution: a child of the best of a small sample joins the population, and the *oldest*
 * leaves, not the worst. So a network that was lucky once does not stay for ever: it has to pass its genes on.
 *
 * Real, Aggarwal, Huang and Le: Regularized evolution for image classifier architecture search. AAAI 2019. The defaults are
 * those of Dong and Yang: NAS-Bench-201. ICLR 2020.
 */
export function regularizedEvolution<Genotype>(
  space: Mutable<Genotype>,
  options: RegularizedEvolutionOptions,
): Search<Genotype> {
  const where = "regularizedEvolution()";
  checkOptions(where, options, ["evaluations", "outstanding", "population", "sample", "seed"]);
  const { population: size = 10, sample = 3, seed = 0 } = options;
  checkInteger(where, "population", size, { min: 1 });
  checkInteger(where, "sample", sample, { min: 1 });
  const rng = generator(seed).split("regularized evolution");

  function* evolve(): Steps<Genotype> {
    const draw = () => ({ genotype: space.sample(rng), origin: "sample" });
    const population: Evaluated<Genotype>[] = [...(yield Array.from({ length: size }, draw))];
    for (;;) {
      // With so many outstanding that nobody is back yet, there is no parent to choose.
      const parent = population.length > 0 ? select(population, sample, rng) : undefined;
      const child = parent
        ? { genotype: space.mutate(parent.genotype, rng), origin: "mutation", parents: [parent.id] }
        : draw();
      population.push(...(yield [child]));
      if (population.length > size) population.splice(0, population.length - size);
    }
  }
  return searchBySteps("regularizedEvolution", evolve(), (genotype) => space.key(genotype), options);
}
