import { setMaxListeners } from "node:events";
import { checkInteger, checkOptions } from "../check";
import { interruptSignal, Progress, ProgressOption, progressSink } from "../progress";
import { breather } from "../train/breathe";
import { Journal } from "./journal";
import { EvaluateFunction, Evaluator, evaluatorOf, isFailure, Outcome } from "./outcome";
import { Candidate, Search } from "./search";
import { SearchReport } from "./search-report";

export interface RunSearchOptions<Genotype> {
  /** Where results are kept, so that a search that was stopped or killed goes on: a file, or a journal that is open. */
  journal?: string | Journal;
  /** How many candidates to work on at a time. @default as many as the evaluator can */
  concurrency?: number;
  /** Called after every result with what was evaluated; awaited. For live charts. */
  onResult?: (evaluated: EvaluatedOutcome<Genotype>, search: Search<Genotype>) => unknown;
  /** How to show progress: candidates, rate, best score. @default true */
  progress?: ProgressOption;
  /** Stops the search, besides the notebook's Stop button. */
  signal?: AbortSignal;
}

/** A candidate with what came of it. */
export type EvaluatedOutcome<Genotype> = Candidate<Genotype> & { readonly outcome: Outcome; readonly known: boolean };

/**
 * Drives a search to its end: asks for candidates, has them evaluated, several at a time where that is possible, and tells
 * what came of them. A candidate that fails is told as a failure and never ends the search.
 *
 * With a journal, no candidate is evaluated twice, neither one that comes again in the search nor one that was evaluated
 * before the search was stopped. As a search asks the same candidates for the same results, running it again from its
 * beginning with the same seed, `outstanding` and journal goes on where it was, and comes to the same end.
 *
 * The notebook's Stop ends it cleanly: what is being evaluated is dropped, and the report of all before is returned.
 * Several at a time need a search whose `outstanding` is that many.
 *
 * @param evaluator an `Evaluator`, or a function from a candidate to its score
 * @throws Error where no candidate can be evaluated, such as with data that are missing
 * @example
 * const { best } = await runSearch(randomSearch(space, { evaluations: 50 }), trainer({ model, data: train }), {
 *   journal: "searches/first.jsonl",
 * });
 */
export async function runSearch<Genotype>(
  search: Search<Genotype>,
  evaluator: Evaluator<Genotype> | EvaluateFunction<Genotype>,
  options: RunSearchOptions<Genotype> = {},
): Promise<SearchReport<Genotype>> {
  checkOptions("runSearch()", options, ["journal", "concurrency", "onResult", "progress", "signal"]);
  const made = typeof evaluator === "function" ? evaluatorOf(evaluator) : evaluator;
  const { journal, concurrency = made.concurrency } = options;
  checkInteger("runSearch()", "concurrency", concurrency, { min: 1 });
  const opened = typeof journal === "string" ? Journal.open(journal, made.setup) : undefined;
  try {
    const kept = opened ?? (journal as Journal | undefined);
    return await new Running(search, made, kept, concurrency, options).run();
  } finally {
    await opened?.close();
  }
}

class Running<Genotype> {
  private readonly stop = new AbortController();
  private readonly signals: AbortSignal[];
  /** What is being evaluated, by what makes candidates equal. */
  private readonly underway = new Map<string, Promise<Outcome>>();
  /** What came of candidates in this run, where there is no journal. */
  private readonly known = new Map<string, Outcome>();
  /** Candidates with their outcomes, not told yet. */
  private arrived: EvaluatedOutcome<Genotype>[] = [];
  private waiting = 0;
  private wake: () => void = () => {};
  private broken: { error: unknown } | undefined;
  private evaluated = 0;
  private failed = 0;
  private readonly progress: Progress;
  private readonly began = performance.now();

  constructor(
    private readonly search: Search<Genotype>,
    private readonly evaluator: Evaluator<Genotype>,
    private readonly journal: Journal | undefined,
    private readonly concurrency: number,
    private readonly options: RunSearchOptions<Genotype>,
  ) {
    setMaxListeners(0, this.stop.signal); // one and more for each candidate underway
    this.signals = [interruptSignal(), ...(options.signal ? [options.signal] : [])];
    this.progress = new Progress({ label: "search", unit: "candidates" }, progressSink(options.progress));
  }

  async run(): Promise<SearchReport<Genotype>> {
    const { search } = this;
    const breathe = breather();
    const interrupt = () => this.end();
    for (const signal of this.signals) signal.addEventListener("abort", interrupt);
    try {
      if (this.interrupted) this.end();
      while (!search.finished && !this.stop.signal.aborted) {
        while (search.canAsk && this.underway.size < this.concurrency) this.start(search.ask());
        if (this.arrived.length === 0) await this.nextArrival();
        await this.tellArrived();
        await breathe();
      }
    } finally {
      this.end();
      for (const signal of this.signals) signal.removeEventListener("abort", interrupt);
      await Promise.allSettled(this.underway.values());
    }
    if (this.broken && !this.interrupted) throw this.broken.error;
    this.progress.finish(search.history.length, this.detail());
    const seconds = (performance.now() - this.began) / 1000;
    const stopped = search.finished ? "finished" : "interrupt";
    return new SearchReport(search.best(), search.history, this.evaluated, stopped, seconds);
  }

  private start(candidate: Candidate<Genotype>): void {
    const { key, fidelity } = candidate;
    const name = fidelity === undefined ? key : `${key} at ${fidelity}`;
    const known = this.journal ? this.journal.find(key, fidelity) : this.known.get(name);
    if (known) {
      this.arrived.push({ ...candidate, outcome: known, known: true });
      return;
    }
    this.waiting++;
    const twin = this.underway.get(name);
    const outcome = twin ?? this.evaluate(candidate, name);
    if (!twin) this.underway.set(name, outcome);
    void outcome
      .then(
        (value) => void this.arrived.push({ ...candidate, outcome: value, known: twin !== undefined }),
        (error: unknown) => {
          this.broken ??= { error };
          this.end();
        },
      )
      .finally(() => {
        this.waiting--;
        this.wake();
      });
  }

  private async evaluate(candidate: Candidate<Genotype>, name: string): Promise<Outcome> {
    const { key, fidelity } = candidate;
    try {
      const outcome = await this.evaluator.evaluate(candidate, this.stop.signal);
      // What ends because the search does says nothing about the candidate.
      this.stop.signal.throwIfAborted();
      this.evaluated++;
      if (this.journal) this.journal.add({ key, ...(fidelity === undefined ? {} : { fidelity }), ...outcome });
      else this.known.set(name, outcome);
      return outcome;
    } finally {
      this.underway.delete(name);
    }
  }

  private nextArrival(): Promise<void> | undefined {
    if (this.stop.signal.aborted) return undefined;
    if (this.waiting > 0) return new Promise((resolve) => (this.wake = resolve));
    throw new Error("runSearch() has told its search everything, and the search neither asks nor ends.");
  }

  private async tellArrived(): Promise<void> {
    const arrived = this.arrived;
    this.arrived = [];
    for (const evaluated of arrived) {
      const { id, outcome } = evaluated;
      if (isFailure(outcome)) this.failed++;
      this.search.tell(isFailure(outcome) ? { id, failure: outcome.failure } : { id, score: outcome.score });
      if (this.progress.due) this.progress.report(this.search.history.length, this.detail());
      if (this.options.onResult) await this.options.onResult(evaluated, this.search);
    }
  }

  private end(): void {
    this.stop.abort();
    this.wake();
  }

  private get interrupted(): boolean {
    return this.signals.some((signal) => signal.aborted);
  }

  private detail(): string {
    const best = this.search.best();
    return [
      best ? `best ${Number(best.score.toPrecision(4))}` : undefined,
      this.failed ? `${this.failed} failed` : undefined,
    ]
      .filter(Boolean)
      .join(", ");
  }
}
