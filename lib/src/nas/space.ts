import type { RandomGenerator } from "../random";

/** What random search needs of a space. */
export interface Sampled<Genotype> {
  /** A random genotype. */
  sample(rng: RandomGenerator): Genotype;
  /** The canonical form: equal for genotypes that are the same network. */
  key(genotype: Genotype): string;
}

/** What searches that change what they have need of a space. */
export interface Mutable<Genotype> extends Sampled<Genotype> {
  /** A genotype that differs in one gene. */
  mutate(genotype: Genotype, rng: RandomGenerator): Genotype;
}
