import type { Candidate, Evaluated, Search } from "../../../lib/src/nas/search";

export type Score<Genotype> = (candidate: Candidate<Genotype>) => number | undefined;

/** Runs a search to its end, one candidate after another. A score of undefined is a failure. */
export function drive<Genotype>(search: Search<Genotype>, score: Score<Genotype>): readonly Evaluated<Genotype>[] {
  return driveMixed(search, score, [0]);
}

/** Runs a search to its end with several candidates open at a time; the numbers decide who comes back first. */
export function driveMixed<Genotype>(
  search: Search<Genotype>,
  score: Score<Genotype>,
  luck: readonly number[],
): readonly Evaluated<Genotype>[] {
  const open: Candidate<Genotype>[] = [];
  for (let turn = 0; !search.finished; turn++) {
    const next = luck[turn % luck.length];
    if (search.canAsk && (open.length === 0 || next % 3 === 1)) open.push(search.ask());
    else if (open.length > 0) {
      const [candidate] = open.splice(next % open.length, 1);
      const value = score(candidate);
      search.tell(value === undefined ? { id: candidate.id, failure: "diverged" } : { id: candidate.id, score: value });
    } else if (!search.canAsk) throw new Error("the search neither asks nor ends");
  }
  return search.history;
}
