import { checkInteger, checkNumber, checkOneOf, checkOptions } from "../check";
import { generator, type RandomGenerator } from "../random";
import { searchBySteps, type Evaluated, type Proposal, type Search, type SearchOptions, type Steps } from "./search";
import type { CrossoverOptions } from "./search-space";
import type { Breedable } from "./space";

export interface GeneticSearchOptions extends SearchOptions {
  /** How many live at a time. @default 20 */
  population?: number;
  /** How many are drawn for each choice of a parent; the best of them is it. More is more pressure. @default 3 */
  tournament?: number;
  /** How many of the best live on unchanged, without being evaluated again. @default 2 */
  elite?: number;
  /** Share of children that have two parents. @default 1 */
  crossoverRate?: number;
  /** How two parents are mixed. @default "uniform" */
  crossover?: CrossoverOptions["kind"];
  /** Share of children of which one gene is changed. @default 1 */
  mutationRate?: number;
  /** At most so many generations after the first. @default as many as the evaluations allow */
  generations?: number;
  /** Stop when the best has not improved for so many generations. @default never */
  patience?: number;
  /** The same seed makes the same decisions. @default 0 */
  seed?: number | string;
}

const KNOWN = [
  ...["evaluations", "outstanding", "population", "tournament", "elite", "crossoverRate", "crossover", "mutationRate"],
  ...["generations", "patience", "seed"],
];

/**
 * A genetic algorithm: the better networks of a generation are the parents of the next.
 *
 * Seven steps: the space is defined (1, the argument), a population initialised (2) and evaluated (3), parents are selected
 * (4), children made by crossover and mutation (5), and so on to the preset number of evaluations or generations, or until
 * the best stops improving (6); the best of all is chosen (7, `search.best()`).
 *
 * A whole generation is asked for at once; the next one needs the results of all but the last `outstanding - 1`.
 *
 * Holland: Adaptation in natural and artificial systems. 1975; Goldberg and Deb: A comparative analysis of selection schemes
 * used in genetic algorithms. 1991 (tournaments); Syswerda: Uniform crossover in genetic algorithms. 1989.
 *
 * @throws RangeError for options that contradict each other, such as an elite as large as the population
 */
export function geneticSearch<Genotype>(space: Breedable<Genotype>, options: GeneticSearchOptions): Search<Genotype> {
  return searchBySteps("geneticSearch", evolve(space, checked(options)), (genotype) => space.key(genotype), options);
}

type Settings = ReturnType<typeof checked>;

function* evolve<Genotype>(space: Breedable<Genotype>, settings: Settings): Steps<Genotype> {
  const { population: size, elite, generations, patience } = settings;
  const rng = generator(settings.seed).split("genetic search");

  // Step 2: initialise the population.
  const first = Array.from({ length: size }, () => ({ genotype: space.sample(rng), origin: "sample", generation: 0 }));
  // Step 3: evaluate it.
  let population = [...(yield first)].sort(byScore);

  // Step 6: iterate.
  let [best, stale] = [population[0]?.score ?? -Infinity, 0];
  for (let generation = 1; generation <= generations && stale < patience; generation++) {
    const children = Array.from({ length: size - elite }, () => ({
      ...breed(space, population, settings, rng),
      generation,
    }));
    const evaluated = yield children;
    population = [...population.slice(0, elite), ...evaluated].sort(byScore);
    stale = population[0].score > best ? 0 : stale + 1;
    best = population[0].score;
  }
  // Step 7, to choose the best of all, is search.best().
}

/** Steps 4 and 5: two parents, and their child. */
function breed<Genotype>(
  space: Breedable<Genotype>,
  population: readonly Evaluated<Genotype>[],
  { tournament, crossoverRate, crossover, mutationRate }: Settings,
  rng: RandomGenerator,
): Proposal<Genotype> {
  const mother = select(population, tournament, rng);
  let child: Proposal<Genotype> = { genotype: mother.genotype, origin: "copy", parents: [mother.id] };
  if (rng.chance(crossoverRate)) {
    const father = select(population, tournament, rng);
    const genotype = space.crossover(mother.genotype, father.genotype, rng, { kind: crossover });
    child = { genotype, origin: "crossover", parents: [...new Set([mother.id, father.id])] };
  }
  if (rng.chance(mutationRate)) {
    const origin = child.origin === "crossover" ? "crossover and mutation" : "mutation";
    child = { ...child, genotype: space.mutate(child.genotype, rng), origin };
  }
  return child;
}

/** The best of a few that are drawn at random, with replacement. */
export function select<Genotype>(
  population: readonly Evaluated<Genotype>[],
  tournament: number,
  rng: RandomGenerator,
): Evaluated<Genotype> {
  let winner = rng.pick(population);
  for (let i = 1; i < tournament; i++) {
    const rival = rng.pick(population);
    if (rival.score > winner.score) winner = rival;
  }
  return winner;
}

const byScore = (a: Evaluated<unknown>, b: Evaluated<unknown>) => b.score - a.score || a.id - b.id;

function checked(options: GeneticSearchOptions) {
  const where = "geneticSearch()";
  checkOptions(where, options, KNOWN);
  const { population = 20, tournament = 3, elite = 2, crossoverRate = 1, mutationRate = 1 } = options;
  const { generations = Infinity, patience = Infinity, outstanding = 1, seed = 0 } = options;
  checkInteger(where, "population", population, { min: 2 });
  checkInteger(where, "tournament", tournament, { min: 1 });
  checkInteger(where, "elite", elite, { min: 0, max: population - 1, remedy: "leave room for children." });
  checkInteger(where, "outstanding", outstanding, {
    max: population - elite,
    remedy: "a generation must know some results of the one before.",
  });
  for (const [name, rate] of Object.entries({ crossoverRate, mutationRate })) {
    checkNumber(where, name, rate, { min: 0, max: 1 });
  }
  if (generations !== Infinity) checkInteger(where, "generations", generations, { min: 0 });
  if (patience !== Infinity) checkInteger(where, "patience", patience, { min: 1 });
  const crossover = checkOneOf(where, "crossover", options.crossover ?? "uniform", ["uniform", "one-point"]);
  return { population, tournament, elite, crossoverRate, crossover, mutationRate, generations, patience, seed };
}
