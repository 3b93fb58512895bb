import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Failure } from "../setup/failure";

/** What `npm run worker` was told. */
export interface WorkerArguments {
  pool: { module: string; options?: unknown; workers?: number; seconds?: number };
  queue: { redis?: string; name?: string };
}

export const USAGE =
  "npm run worker -- MODULE.js [--redis redis://HOST:6379] [--queue NAME] [--workers N] [--seconds N] [--options JSON]";

/**
 * Reads the command line.
 *
 * @param folder where relative paths begin: npm runs scripts in the course's folder, whatever folder it was called in
 * @throws Failure that says how the command is written
 */
export function readArguments(words: string[], folder: string): WorkerArguments {
  const text = { type: "string" } as const;
  const options = { redis: text, queue: text, workers: text, seconds: text, options: text } as const;
  try {
    const { values, positionals } = parseArgs({ args: words, options, allowPositionals: true });
    if (positionals.length !== 1) throw new Error(`it wants one module, got ${positionals.length}`);
    return {
      pool: {
        module: resolve(folder, positionals[0]),
        ...(values.options !== undefined && { options: JSON.parse(values.options) as unknown }),
        ...(values.workers !== undefined && { workers: Number(values.workers) }),
        ...(values.seconds !== undefined && { seconds: Number(values.seconds) }),
      },
      queue: {
        ...(values.redis !== undefined && { redis: values.redis }),
        ...(values.queue !== undefined && { name: values.queue }),
      },
    };
  } catch (error) {
    throw new Failure("the worker does not understand", (error as Error).message, USAGE);
  }
}
