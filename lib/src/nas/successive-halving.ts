import { checkInteger, checkOptions } from "../check";
import { generator } from "../random";
import { searchBySteps, type Evaluated, type Search, type SearchOptions, type Steps } from "./search";
import type { Sampled } from "./space";

export interface SuccessiveHalvingOptions extends SearchOptions {
  /** Fidelity of the lowest rung, such as one epoch. @default 1 */
  minFidelity?: number;
  /** Fidelity of the highest rung; those between are `minFidelity · reduction^rung`. */
  maxFidelity: number;
  /** Of so many on a rung one is promoted. @default 3 */
  reduction?: number;
  /** The same seed makes the same decisions. @default 0 */
  seed?: number | string;
}

/**
 * Asynchronous successive halving, ASHA: many networks are trained a little, and the best third of each rung is promoted to
 * three times the effort. It never waits for a rung to be full: it promotes whoever is in the best third of those that are
 * there, from the highest rung down, and where nobody is it draws a new network.
 *
 * Each promotion is an evaluation of its own, with the same key and a higher fidelity; `best()` looks at the highest rung.
 *
 * Li, Jamieson, Rostamizadeh, Gonina, Hardt, Recht and Talwalkar: A system for massively parallel hyperparameter tuning.
 * MLSys 2020.
 */
export function successiveHalving<Genotype>(
  space: Sampled<Genotype>,
  options: SuccessiveHalvingOptions,
): Search<Genotype> {
  const where = "successiveHalving()";
  const known = ["evaluations", "outstanding", "minFidelity", "maxFidelity", "reduction", "seed"];
  checkOptions(where, options, known);
  const { minFidelity = 1, maxFidelity, reduction = 3, seed = 0 } = options;
  checkInteger(where, "minFidelity", minFidelity, { min: 1 });
  checkInteger(where, "maxFidelity", maxFidelity, { min: minFidelity });
  checkInteger(where, "reduction", reduction, { min: 2 });
  const rng = generator(seed).split("successive halving");
  const fidelities = [minFidelity];
  while (fidelities[fidelities.length - 1] * reduction < maxFidelity) {
    fidelities.push(fidelities[fidelities.length - 1] * reduction);
  }
  if (maxFidelity > minFidelity) fidelities.push(maxFidelity);

  function* climb(): Steps<Genotype> {
    const rungs = fidelities.map((): Evaluated<Genotype>[] => []);
    const promoted = new Set<number>();
    for (;;) {
      const promotion = nextPromotion(rungs, promoted, reduction);
      if (promotion) promoted.add(promotion.from.id);
      const results = yield [
        promotion
          ? {
              genotype: promotion.from.genotype,
              fidelity: fidelities[promotion.rung],
              origin: "promotion",
              parents: [promotion.from.id],
              generation: promotion.rung,
            }
          : { genotype: space.sample(rng), fidelity: fidelities[0], origin: "sample", generation: 0 },
      ];
      for (const result of results) rungs[result.generation!].push(result);
    }
  }
  return searchBySteps("successiveHalving", climb(), (genotype) => space.key(genotype), options);
}

/** The best of those in the top share of their rung that are not promoted yet, from the highest rung down. */
function nextPromotion<Genotype>(
  rungs: readonly (readonly Evaluated<Genotype>[])[],
  promoted: ReadonlySet<number>,
  reduction: number,
): { from: Evaluated<Genotype>; rung: number } | undefined {
  for (let rung = rungs.length - 2; rung >= 0; rung--) {
    const ranked = [...rungs[rung]].sort((a, b) => b.score - a.score || a.id - b.id);
    const top = ranked.slice(0, Math.floor(ranked.length / reduction));
    const from = top.find(({ id, score }) => score > -Infinity && !promoted.has(id));
    if (from) return { from, rung: rung + 1 };
  }
  return undefined;
}
