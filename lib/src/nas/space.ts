import type { RandomGenerator } from "../random";
import type { CrossoverOptions, Slot } from "./search-space";

/*
 * What each kind of search needs of a space, from little to much. `searchSpace()` has it all; a space of your own needs
 * only what the search that you use asks for.
 */

/** A space to draw from. */
export interface Sampled<Genotype> {
  /** A random genotype. */
  sample(rng: RandomGenerator): Genotype;
  /** The canonical form: equal for genotypes that are the same network. */
  key(genotype: Genotype): string;
}

/** A space in which a genotype can be changed a little. */
export interface Mutable<Genotype> extends Sampled<Genotype> {
  /** A genotype that differs from this one in one gene. */
  mutate(genotype: Genotype, rng: RandomGenerator): Genotype;
}

/** A space in which two genotypes can have a child. */
export interface Breedable<Genotype> extends Mutable<Genotype> {
  /** A genotype with genes of both. */
  crossover(first: Genotype, second: Genotype, rng: RandomGenerator, options?: CrossoverOptions): Genotype;
}

/** A space whose genotypes have a list of neighbours. */
export interface Walkable<Genotype> extends Sampled<Genotype> {
  /** All genotypes that differ from this one in one gene. */
  neighbours(genotype: Genotype): Genotype[];
}

/** A space whose genotypes are rows of decisions. */
export interface Decidable<Genotype> {
  readonly slots: readonly Slot[];
  key(genotype: Genotype): string;
  /** The genotype of these options, one a slot; -1 where a slot is not decided. */
  decode(codes: readonly number[]): Genotype;
  /** Whether a slot is decided, given the options of all slots before it. */
  isDecided(slot: number, codes: readonly number[]): boolean;
  /** Whether the space allows a genotype. */
  allows(genotype: Genotype): boolean;
}
