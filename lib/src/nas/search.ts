import { checkInteger, refuse } from "../check";

/** A network that a search wants to see evaluated. */
export interface Candidate<Genotype> {
  /** From 0 up, in the order of `ask()`. */
  readonly id: number;
  /** The network as a point of the search space. */
  readonly genotype: Genotype;
  /** The canonical form: candidates with equal keys are the same network and need not be trained twice. */
  readonly key: string;
  /** How much effort to spend, such as epochs; only searches that use several fidelities say so. */
  readonly fidelity?: number;
  /** How it came about: "sample", "mutation", "crossover", "neighbour", "promotion", … */
  readonly origin?: string;
  /** Ids of the candidates that it was made from. */
  readonly parents?: readonly number[];
  /** Which round of the search it belongs to, from 0 up, where the search has rounds. */
  readonly generation?: number;
}

/** What became of a candidate: a score, higher is better; or why there is none, such as "diverged" or "out of time". */
export type Result =
  { readonly id: number; readonly score: number } | { readonly id: number; readonly failure: string };

/** A candidate with its score; one that failed has the score -Infinity, below all others. */
export interface Evaluated<Genotype> extends Candidate<Genotype> {
  readonly score: number;
  readonly failure?: string;
}

/**
 * A search that knows nothing of how its candidates are evaluated: it is asked for one and told what became of it. So the
 * evaluation can be a look into a table, a training in this process, or machines somewhere else.
 *
 * **Same seed, same run, whatever finishes first.** Results may be told in any order; a search takes them in the order of
 * the ids. When it has to decide on its next candidates, it looks at the results of all asked so far but the last
 * `outstanding - 1`, at no others, and waits for those that are missing. So what it asks depends on the seed, the scores
 * and `outstanding` alone. To use w workers, set `outstanding` to w or more; a search by generations asks for a whole
 * generation at once and needs no more than 1.
 *
 * @example
 * while (!search.finished) {
 *   while (search.canAsk) queue.push(search.ask());
 *   const { id, genotype } = queue.shift()!;
 *   search.tell({ id, score: await evaluate(genotype) });
 * }
 */
export interface Search<Genotype> {
  /** Whether there is a candidate to ask for now. Where not, either results are missing, or the search is over. */
  readonly canAsk: boolean;
  /** True when nothing more is to be asked and every result is told. */
  readonly finished: boolean;
  /** The next candidate. @throws Error where `canAsk` is false */
  ask(): Candidate<Genotype>;
  /** Reports on a candidate, once, in any order. @throws RangeError for an id not asked, one already told, or NaN */
  tell(result: Result): void;
  /**
   * The best of all told so far: the highest score among those of the highest fidelity, the earliest where they tie;
   * undefined while all have failed.
   */
  best(): Evaluated<Genotype> | undefined;
  /** All told so far, by id. */
  readonly history: readonly Evaluated<Genotype>[];
}

/** What a search decides on: a candidate that has no number yet. */
export type Proposal<Genotype> = Omit<Candidate<Genotype>, "id" | "key">;

/**
 * An algorithm as a generator, which reads as if it evaluated its candidates itself: `yield` hands proposals out and comes
 * back with the results that are due. To return is to end the search.
 */
export type Steps<Genotype> = Generator<readonly Proposal<Genotype>[], void, readonly Evaluated<Genotype>[]>;

export interface SearchOptions {
  /** How many candidates are asked at most. */
  evaluations: number;
  /** How many may be without a result when the search decides: see `Search`. @default 1 */
  outstanding?: number;
}

/**
 * Makes a search of an algorithm and the canonical form of its genotypes. It keeps the numbers, the order and the budget,
 * so that the algorithm has only to say what it tries next.
 *
 * @param name of the algorithm, for errors
 * @throws RangeError where `evaluations` or `outstanding` is no integer from 1 up
 */
export function searchBySteps<Genotype>(
  name: string,
  steps: Steps<Genotype>,
  keyOf: (genotype: Genotype) => string,
  { evaluations, outstanding = 1 }: SearchOptions,
): Search<Genotype> {
  checkInteger(`${name}()`, "evaluations", evaluations, { min: 1 });
  checkInteger(`${name}()`, "outstanding", outstanding, { min: 1 });
  return new SearchBySteps(name, steps, keyOf, evaluations, outstanding);
}

class SearchBySteps<Genotype> implements Search<Genotype> {
  private readonly asked: Candidate<Genotype>[] = [];
  /** By id; what is not told yet is missing. */
  private readonly told: (Evaluated<Genotype> | undefined)[] = [];
  private queue: Proposal<Genotype>[] = [];
  /** Results given to the algorithm: all with ids below this. */
  private given = 0;
  /** Results told without a gap: all with ids below this. */
  private complete = 0;
  private count = 0;
  private over = false;
  private top: Evaluated<Genotype> | undefined;

  constructor(
    private readonly name: string,
    private readonly steps: Steps<Genotype>,
    private readonly keyOf: (genotype: Genotype) => string,
    private readonly evaluations: number,
    private readonly outstanding: number,
  ) {
    this.decide();
  }

  get canAsk(): boolean {
    return this.queue.length > 0;
  }

  get finished(): boolean {
    return this.over && this.queue.length === 0 && this.count === this.asked.length;
  }

  get history(): readonly Evaluated<Genotype>[] {
    return this.told.filter((evaluated) => evaluated !== undefined);
  }

  ask(): Candidate<Genotype> {
    const proposal = this.queue.shift();
    if (proposal === undefined) {
      throw new Error(
        this.over
          ? `${this.name}.ask() came after the search's last candidate. Remedy: ask only while canAsk is true.`
          : `${this.name}.ask() needs the result of candidate ${this.complete} first. Remedy: tell() it, or allow for ` +
              `more at once with outstanding.`,
      );
    }
    const candidate = { id: this.asked.length, ...proposal, key: this.keyOf(proposal.genotype) };
    this.asked.push(candidate);
    this.decide();
    return candidate;
  }

  tell(result: Result): void {
    const where = `${this.name}.tell()`;
    const candidate = this.asked[result.id];
    if (candidate === undefined) refuse(where, "id", "that of a candidate asked for", result.id);
    if (this.told[result.id] !== undefined) refuse(where, "id", "told once", result.id);
    const failed = "failure" in result;
    if (!failed && !Number.isFinite(result.score)) {
      refuse(where, `the score of candidate ${result.id}`, "a finite number", result.score, {
        remedy: `tell({ id: ${result.id}, failure: "diverged" }).`,
      });
    }
    const evaluated = failed
      ? { ...candidate, score: -Infinity, failure: result.failure }
      : { ...candidate, score: result.score };
    this.told[result.id] = evaluated;
    this.count++;
    if (!failed && (this.top === undefined || ranks(evaluated, this.top) < 0)) this.top = evaluated;
    while (this.told[this.complete] !== undefined) this.complete++;
    this.decide();
  }

  best(): Evaluated<Genotype> | undefined {
    return this.top;
  }

  /** Lets the algorithm go on where it has nothing left in the queue and the results that it may see are there. */
  private decide(): void {
    while (!this.over && this.queue.length === 0) {
      if (this.asked.length === this.evaluations) {
        this.over = true;
        return;
      }
      const due = Math.max(0, this.asked.length - this.outstanding + 1);
      if (this.complete < due) return;
      const results = this.told.slice(this.given, due) as Evaluated<Genotype>[];
      this.given = due;
      const { value, done } = this.steps.next(results);
      if (done) this.over = true;
      else this.queue = value.slice(0, this.evaluations - this.asked.length);
    }
  }
}

/** Below 0 where `a` ranks before `b`. */
export function ranks<Genotype>(a: Evaluated<Genotype>, b: Evaluated<Genotype>): number {
  return (b.fidelity ?? 0) - (a.fidelity ?? 0) || b.score - a.score || a.id - b.id;
}
