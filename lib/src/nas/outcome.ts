import { Candidate } from "./search";

/** What came of a candidate: a score, the larger the better, or in a sentence why there is none. */
export type Outcome = (
  | { readonly score: number }
  /** Such as "too large: 412,000 parameters, at most 300,000". */
  | { readonly failure: string }
) & {
  /** Measured besides: parameters, seconds, epochs. */
  readonly details?: Details;
};

/** Numbers, rows of numbers and words: what JSON holds. */
export type Details = Readonly<Record<string, number | string | readonly number[]>>;

/** Whether there is no score. */
export function isFailure<T extends Outcome>(outcome: T): outcome is T & { readonly failure: string } {
  return "failure" in outcome;
}

/** What evaluates candidates: in this process, in a pool of processes, or on other machines. */
export interface Evaluator<Genotype> {
  /** How many candidates it can work on at a time. */
  readonly concurrency: number;
  /** What every score depends on besides the candidate: data, epochs, seed. A journal must have been written with the same. */
  readonly setup?: Details;
  /**
   * Resolves to a failure for whatever the candidate does wrong. Rejects only where no candidate could be evaluated, which
   * ends the search, and when the signal is aborted.
   */
  evaluate(candidate: Candidate<Genotype>, signal: AbortSignal): Promise<Outcome>;
  /** Frees what it holds. */
  close?(): Promise<void> | void;
}

/** The shortest evaluator: a look into a table, a formula, a training of one's own. What it throws is a failure. */
export type EvaluateFunction<Genotype> = (
  candidate: Candidate<Genotype>,
  signal: AbortSignal,
) => number | Outcome | Promise<number | Outcome>;

/** An evaluator of a function; one candidate at a time. */
export function evaluatorOf<Genotype>(evaluate: EvaluateFunction<Genotype>): Evaluator<Genotype> {
  return {
    concurrency: 1,
    async evaluate(candidate, signal) {
      try {
        const found = await evaluate(candidate, signal);
        return checked(typeof found === "number" ? { score: found } : found);
      } catch (error) {
        signal.throwIfAborted();
        return { failure: sentence(error) };
      }
    },
  };
}

/** A score that is no number is a failure: a search cannot rank it. */
export function checked(outcome: Outcome): Outcome {
  if (isFailure(outcome) || Number.isFinite(outcome.score)) return outcome;
  return { failure: `the score is ${outcome.score}`, ...(outcome.details && { details: outcome.details }) };
}

/** An error as the reason of a failure: its first line. */
export function sentence(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.split("\n")[0].slice(0, 500);
}
