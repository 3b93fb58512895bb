import type { Evaluated } from "./search";

/**
 * After each evaluation, what the search would answer if it had to stop there: a value of the best so far by score.
 *
 * @param valueOf what to report of it, such as its test accuracy where the score is one of validation. @default its score
 * @returns one value for each candidate; NaN while all have failed
 */
export function bestSoFar<Genotype>(
  history: readonly Evaluated<Genotype>[],
  valueOf: (evaluated: Evaluated<Genotype>) => number = ({ score }) => score,
): number[] {
  let best: { score: number; value: number } = { score: -Infinity, value: NaN };
  return history.map((evaluated) => {
    if (evaluated.score > best.score) best = { score: evaluated.score, value: valueOf(evaluated) };
    return best.value;
  });
}
