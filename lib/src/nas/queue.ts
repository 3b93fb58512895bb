import { setTimeout as wait } from "node:timers/promises";
import type { Queue, QueueEvents } from "bullmq";
import type { Redis } from "ioredis";
import { checkInteger, checkOptions } from "../check";
import { interruptSignal } from "../progress";
import { Details, Evaluator, Outcome } from "./outcome";
import { connect, FullAddress, fullAddress, jobId, QueueAddress, queueName, setupKey } from "./queue-connection";
import { Candidate } from "./search";

export interface EvaluatorQueueOptions extends QueueAddress {
  /** How many candidates to have in the queue at a time: as many as all workers together can work on. @default 16 */
  concurrency?: number;
  /** Gives up waiting for the first worker. */
  signal?: AbortSignal;
}

/** Milliseconds after which to look for a result that nobody has told of, such as one told while Redis was away. */
const LOOK_EVERY = 2000;

/**
 * Has candidates evaluated by workers on other machines: they go into a queue on Redis, from which workers take them
 * (`npm run worker`, or `serveQueue`). Nothing is lost where a worker dies, where Redis starts anew (with
 * `--appendonly yes`), or where this process does: results wait in Redis. Equal candidates of all searches in a queue are
 * evaluated once.
 *
 * Waits for a first worker, since workers know what scores depend on.
 *
 * @returns an evaluator that has to be closed
 * @throws Error where Redis does not answer
 * @example
 * const queue = await nas.evaluatorQueue({ redis: "redis://192.168.0.2:6379" });
 * const { best } = await nas.runSearch(search, queue, { journal: "searches/first.jsonl" });
 * await queue.close();
 */
export async function evaluatorQueue<Genotype>(
  options: EvaluatorQueueOptions = {},
): Promise<Evaluator<Genotype> & { close(): Promise<void> }> {
  const where = "evaluatorQueue()";
  checkOptions(where, options, ["redis", "name", "concurrency", "signal"]);
  const { concurrency = 16, signal = interruptSignal() } = options;
  checkInteger(where, "concurrency", concurrency, { min: 1 });
  const address = fullAddress(where, options);
  const redis = await connect(where, address);
  try {
    const setup = await firstWorker(redis, address, signal);
    const { Queue, QueueEvents } = await import("bullmq");
    const name = queueName(address, setup);
    const queue = new Queue(name, { connection: redis });
    const events = new QueueEvents(name, { connection: redis.duplicate() });
    // A lost connection, which comes back.
    queue.on("error", () => {});
    events.on("error", () => {});
    await events.waitUntilReady();
    return new EvaluatorQueue(redis, queue, events, concurrency, setup);
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}

async function firstWorker(redis: Redis, address: FullAddress, signal: AbortSignal): Promise<Details> {
  for (let tries = 0; ; tries++) {
    const found = await redis.get(setupKey(address));
    if (found !== null) return JSON.parse(found) as Details;
    if (tries === 4) {
      const command = `npm run worker -- MODULE --redis ${address.redis} --queue ${address.name}`;
      console.warn(`nablab: evaluatorQueue() waits for a first worker. On any machine: ${command}`);
    }
    await wait(500, undefined, { signal });
  }
}

class EvaluatorQueue<Genotype> implements Evaluator<Genotype> {
  private readonly listeners = new Map<string, Set<() => void>>();

  constructor(
    private readonly redis: Redis,
    private readonly queue: Queue,
    private readonly events: QueueEvents,
    readonly concurrency: number,
    readonly setup: Details,
  ) {
    const tell = ({ jobId }: { jobId: string }) => this.listeners.get(jobId)?.forEach((listener) => listener());
    events.on("completed", tell);
    events.on("failed", tell);
  }

  async evaluate(candidate: Candidate<Genotype>, signal: AbortSignal): Promise<Outcome> {
    const id = jobId(candidate);
    const outcome = this.settle(candidate, id, signal);
    outcome.catch(() => undefined); // where it is too late: Redis may be away when the search is stopped
    let stop!: () => void;
    const stopped = new Promise<never>((_, reject) => (stop = () => reject(signal.reason as Error)));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
    try {
      return await Promise.race([outcome, stopped]);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** Frees the connections; results that nobody has fetched stay in Redis. */
  async close(): Promise<void> {
    await Promise.all([this.queue.close(), this.events.close()]);
    this.redis.disconnect();
  }

  private async settle(candidate: Candidate<Genotype>, id: string, signal: AbortSignal): Promise<Outcome> {
    // One that failed in an earlier search may have been its workers' fault.
    const earlier = await this.queue.getJob(id);
    if (earlier && (await earlier.isFailed())) await earlier.remove();
    for (;;) {
      signal.throwIfAborted();
      // Does nothing where there is such a job already; and a job that Redis has lost begins anew.
      await this.queue.add("candidate", candidate, { jobId: id, attempts: 3, backoff: 1000 });
      const outcome = await this.result(id, signal);
      if (outcome) return outcome;
    }
  }

  /** Waits for a job's result. @returns undefined where there is no such job any more */
  private async result(id: string, signal: AbortSignal): Promise<Outcome | undefined> {
    for (;;) {
      const news = this.news(id, signal);
      const job = await this.queue.getJob(id);
      if (!job) return undefined;
      if (job.finishedOn) {
        if (!job.failedReason) return job.returnvalue as Outcome;
        if (/stalled/.test(job.failedReason)) return { failure: "its worker was lost again and again" };
        throw new Error(`a worker cannot evaluate: ${job.failedReason}`);
      }
      await news;
      // Another search that waits for it asks again. A worker that has begun goes on, and its result is kept.
      if (signal.aborted && (await job.isWaiting())) await job.remove().catch(() => undefined);
      signal.throwIfAborted();
    }
  }

  /** Resolves when a job has ended, when it is time to look again, or when the search is stopped. */
  private async news(id: string, signal: AbortSignal): Promise<void> {
    const listeners = this.listeners.get(id) ?? new Set();
    this.listeners.set(id, listeners);
    const heard = new AbortController();
    const listener = () => heard.abort();
    listeners.add(listener);
    signal.addEventListener("abort", listener);
    await wait(LOOK_EVERY, undefined, { signal: heard.signal }).catch(() => undefined);
    signal.removeEventListener("abort", listener);
    listeners.delete(listener);
    if (listeners.size === 0) this.listeners.delete(id);
  }
}
