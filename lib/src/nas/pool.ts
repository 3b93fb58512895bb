import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { checkInteger, checkNumber, checkOptions, refuse } from "../check";
import { Details, Evaluator, Outcome } from "./outcome";
import type { Answer, Request, Source } from "./pool-worker";
import { Ending, ProcessPool } from "./process-pool";
import { Candidate } from "./search";

export interface EvaluatorPoolOptions {
  /**
   * A JavaScript module that exports a function `evaluator(options)`, which returns an evaluator or a promise of one. Every
   * process loads it, so it fetches its data itself.
   */
  module: string;
  /** What `evaluator` gets; JSON. */
  options?: unknown;
  /** How many processes. @default one for each core */
  workers?: number;
  /** Threads that TensorFlow may use in each. @default the cores shared evenly, at least 1 */
  threads?: number;
  /** Seconds after which a candidate's process is killed, start and loading of data included. @default Infinity */
  seconds?: number;
}

/**
 * Evaluates candidates in processes of their own, several at a time. A crash, of TensorFlow's native code too, or a lack of
 * memory ends one candidate's process; that is the candidate's failure, and a new process takes its place.
 *
 * Processes, since a crash of a worker thread ends all threads. Each has a TensorFlow of its own with its share of the
 * cores: with more threads than cores, they would wait for each other.
 *
 * @returns an evaluator that has to be closed
 * @throws Error where the module cannot be loaded or has no `evaluator`, or what that throws
 * @example
 * // digits.js: exports.evaluator = async () => nas.candidateTrainer({ model, data: (await data.mnist()).train });
 * const pool = await nas.evaluatorPool({ module: "./digits.js", workers: 2 });
 * const { best } = await nas.runSearch(search, pool);
 * await pool.close();
 */
export async function evaluatorPool<Genotype>(
  options: EvaluatorPoolOptions,
): Promise<Evaluator<Genotype> & { close(): Promise<void> }> {
  checkOptions("evaluatorPool()", options, ["module", "options", "workers", "threads", "seconds"]);
  const { workers = availableParallelism(), seconds = Infinity } = options;
  checkInteger("evaluatorPool()", "workers", workers, { min: 1 });
  const { threads = Math.max(1, Math.floor(availableParallelism() / workers)) } = options;
  checkInteger("evaluatorPool()", "threads", threads, { min: 1 });
  if (seconds !== Infinity) checkNumber("evaluatorPool()", "seconds", seconds, { min: 0 });
  if (typeof options.module !== "string") {
    refuse("evaluatorPool()", "module", "the path of a JavaScript module", options.module, { kind: TypeError });
  }
  const source: Source = { module: resolve(options.module), options: options.options };
  const env = { ...process.env, TF_NUM_INTRAOP_THREADS: String(threads), TF_NUM_INTEROP_THREADS: String(threads) };
  const pool: Processes = new ProcessPool(join(__dirname, "pool-worker.js"), workers, env);
  try {
    const ending = await pool.run({ source }, Infinity, never);
    if ("ended" in ending)
      throw new Error(`evaluatorPool() cannot start ${source.module}: its process ${ending.ended}.`);
    return new EvaluatorPool(pool, source, workers, seconds, valueOf(ending) as Details);
  } catch (error) {
    await pool.close();
    throw error;
  }
}

type Processes = ProcessPool<Request, Answer<Details | Outcome>>;
const never = new AbortController().signal;

class EvaluatorPool<Genotype> implements Evaluator<Genotype> {
  constructor(
    private readonly pool: Processes,
    private readonly source: Source,
    readonly concurrency: number,
    private readonly seconds: number,
    readonly setup: Details,
  ) {}

  async evaluate(candidate: Candidate<Genotype>, signal: AbortSignal): Promise<Outcome> {
    const ending = await this.pool.run({ source: this.source, candidate }, this.seconds, signal);
    if ("timedOut" in ending) return { failure: `out of time: more than ${this.seconds} s` };
    if ("ended" in ending) return { failure: `its process ${ending.ended}` };
    return valueOf(ending) as Outcome;
  }

  /** Ends all processes. */
  async close(): Promise<void> {
    await this.pool.close();
  }
}

function valueOf<T>(ending: Ending<Answer<T>>): T {
  if (!("reply" in ending)) throw new Error("evaluatorPool() got no answer");
  if ("broken" in ending.reply) throw new Error(ending.reply.broken);
  return ending.reply.value;
}
