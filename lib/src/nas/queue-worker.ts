import { setMaxListeners } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import type { Redis } from "ioredis";
import { checkInteger, checkNumber, checkOptions } from "../check";
import { Details, Evaluator, Outcome } from "./outcome";
import { connect, FullAddress, fullAddress, QueueAddress, queueName, setupKey } from "./queue-connection";
import { Candidate } from "./search";

export interface ServeQueueOptions extends QueueAddress {
  /** How many candidates to work on at a time. @default as many as the evaluator can */
  concurrency?: number;
  /** Ends the work; what is underway goes back to the queue. */
  signal: AbortSignal;
  /** Called when this worker is ready, and for each candidate with what came of it. */
  onReady?: () => void;
  onOutcome?: (candidate: Candidate<unknown>, outcome: Outcome) => void;
  /** Seconds without a sign of life after which a worker counts as lost. @default 30 */
  lostAfter?: number;
  /** How many workers a candidate may lose before that is its failure. @default 3 */
  losses?: number;
}

/** Seconds for which a worker's setup stands without being renewed. */
const SETUP_LASTS = 60;
/** Seconds after which a worker renews it. */
const SETUP_RENEWED = 20;

/**
 * Evaluates candidates that searches on this or other machines have put into a queue on Redis, until it is told to stop.
 * Workers may join and leave at any time, and those of one queue must have the same setup.
 *
 * A worker that dies is lost after `lostAfter` seconds, and another one gets its candidates. One that only seemed dead is
 * not heard any more, so a candidate has one result.
 *
 * @throws Error where Redis does not answer, or where the queue's other workers have another setup
 */
export async function serveQueue<Genotype>(evaluator: Evaluator<Genotype>, options: ServeQueueOptions): Promise<void> {
  const where = "serveQueue()";
  checkOptions(where, options, [
    ...(["redis", "name", "concurrency", "signal", "onReady", "onOutcome", "lostAfter", "losses"] as const),
  ]);
  const { concurrency = evaluator.concurrency, lostAfter = 30, losses = 3, signal, onReady, onOutcome } = options;
  checkInteger(where, "concurrency", concurrency, { min: 1 });
  checkNumber(where, "lostAfter", lostAfter, { min: 0.1 });
  checkInteger(where, "losses", losses, { min: 1 });
  const address = fullAddress(where, options);
  const setup = evaluator.setup ?? {};
  setMaxListeners(0, signal); // one and more for each candidate underway
  const redis = await connect(where, address);
  try {
    const { Worker, WaitingError } = await import("bullmq");
    await announce(redis, address, setup);
    const worker = new Worker<Candidate<Genotype>, Outcome>(
      queueName(address, setup),
      async (job, token) => {
        try {
          signal.throwIfAborted();
          const outcome = await evaluator.evaluate(job.data, signal);
          onOutcome?.(job.data, outcome);
          return outcome;
        } catch (error) {
          if (!signal.aborted) throw error;
          await job.moveToWait(token);
          throw new WaitingError();
        }
      },
      {
        connection: redis,
        concurrency,
        lockDuration: lostAfter * 1000,
        stalledInterval: (lostAfter * 1000) / 2,
        maxStalledCount: losses,
        removeOnComplete: { count: 10_000 },
        removeOnFail: { count: 1_000 },
      },
    );
    worker.on("error", () => {}); // a lost connection, which comes back, or a job that was given to another worker
    // Before what is underway hears of it: a worker that is not closing would take again what it gives back.
    signal.addEventListener("abort", () => void worker.close(), { once: true });
    try {
      await worker.waitUntilReady();
      onReady?.();
      await renew(redis, address, setup, signal);
    } finally {
      await worker.close();
    }
    // Where this was the last worker, the next may soon have another setup; others renew it before.
    await redis.expire(setupKey(address), SETUP_RENEWED * 1.5);
  } finally {
    redis.disconnect();
  }
}

/** Says what scores depend on, where no worker has said so yet. @throws Error where another one says otherwise */
async function announce(redis: Redis, address: FullAddress, setup: Details): Promise<void> {
  const own = JSON.stringify(setup);
  const first = await redis.set(setupKey(address), own, "EX", SETUP_LASTS, "NX");
  const other = first ? own : ((await redis.get(setupKey(address))) ?? own);
  if (queueName(address, JSON.parse(other) as Details) === queueName(address, setup)) return;
  throw new Error(
    `serveQueue() is at work on ${own}, and the workers of queue ${address.name} on ${other}. ` +
      "Remedy: the same module and options for all of them, a queue with another name, or a minute's wait after the last " +
      "of them has ended.",
  );
}

async function renew(redis: Redis, address: FullAddress, setup: Details, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await redis.set(setupKey(address), JSON.stringify(setup), "EX", SETUP_LASTS);
    await wait(SETUP_RENEWED * 1000, undefined, { signal }).catch(() => undefined);
  }
}
