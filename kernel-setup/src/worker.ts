/**
 * `npm run worker -- MODULE`: joins a search on several machines. Takes candidates from a queue on Redis and evaluates them
 * with the `evaluator(options)` that the module exports, each in a process of its own, until Ctrl+C.
 */
import { join } from "node:path";
import { Failure, main } from "./setup/failure";
import { root } from "./setup/paths";
import { setUp } from "./setup/setup";
import { readArguments, USAGE } from "./worker/arguments";

interface Outcome {
  score?: number;
  failure?: string;
}

/** The two parts of the library that a worker needs; TensorFlow is loaded by its processes alone. */
interface Library {
  evaluatorPool(options: object): Promise<{ concurrency: number; close(): Promise<void> }>;
  serveQueue(evaluator: object, options: object): Promise<void>;
}

void main(async () => {
  const { pool: poolOptions, queue } = readArguments(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
  await setUp();
  const load = (name: string) => import(join(root, "lib/dist/nas", `${name}.js`)) as Promise<Library>;
  const stop = new AbortController();
  // A second Ctrl+C ends it at once; its candidates are then given to others when it counts as lost.
  process.once("SIGINT", () => stop.abort(new Error("interrupted")));
  process.once("SIGTERM", () => stop.abort(new Error("terminated")));
  let pool: Awaited<ReturnType<Library["evaluatorPool"]>> | undefined;
  try {
    pool = await (await load("pool")).evaluatorPool(poolOptions);
    const { concurrency } = pool;
    await (
      await load("queue-worker")
    ).serveQueue(pool, {
      ...queue,
      signal: stop.signal,
      onReady: () => console.log(`ready for candidates, ${concurrency} at a time: Ctrl+C ends`),
      onOutcome: ({ key }: { key: string }, { score, failure }: Outcome) => console.log(`${key}: ${failure ?? score}`),
    });
  } catch (error) {
    throw new Failure("the worker cannot work", (error as Error).message, USAGE);
  } finally {
    await pool?.close();
  }
});
