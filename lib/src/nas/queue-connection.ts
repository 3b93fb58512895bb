import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { refuse } from "../check";
import { Details } from "./outcome";
import { Candidate } from "./search";

/** Which queue, and where. */
export interface QueueAddress {
  /** Where Redis is. @default the environment's NABLAB_REDIS, else "redis://127.0.0.1:6379" */
  redis?: string;
  /** Searches and workers of one name meet. @default "search" */
  name?: string;
}

/** An address with nothing left out. */
export type FullAddress = Required<QueueAddress>;

/** Completes an address. @throws RangeError for a name that Redis' keys should not have */
export function fullAddress(where: string, { redis, name = "search" }: QueueAddress): FullAddress {
  if (!/^[\w-]+$/.test(name)) refuse(where, "name", "letters, digits, - and _", name);
  return { redis: redis ?? process.env.NABLAB_REDIS ?? "redis://127.0.0.1:6379", name };
}

/**
 * Connects to Redis. Once there, a connection that is lost comes back by itself, and what was asked in between is asked then.
 *
 * @throws Error where nobody answers
 */
export async function connect(where: string, { redis: url }: FullAddress): Promise<Redis> {
  const { Redis } = await import("ioredis");
  // Without a limit to retries a command waits for Redis to come back; BullMQ wants it so, too.
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: null, retryStrategy: () => 250 });
  let problem: Error | undefined;
  redis.on("error", (error: Error) => (problem = error));
  try {
    await redis.connect();
    return redis;
  } catch (error) {
    redis.disconnect();
    const { message } = problem ?? (error as Error);
    throw new Error(
      `${where} does not reach Redis at ${url}: ${message}. Remedy: start it (redis-server --appendonly yes), or say where it is (redis: "redis://host:6379").`,
    );
  }
}

/** The queue of all searches and workers that mean the same: results of another setup would be of other networks. */
export function queueName({ name }: FullAddress, setup: Details): string {
  return `nablab-${name}-${digest(JSON.stringify(Object.entries(setup).sort())).slice(0, 12)}`;
}

/** Under which key a name's workers say what their scores depend on. */
export function setupKey({ name }: FullAddress): string {
  return `nablab:${name}:setup`;
}

/** A job's id: equal candidates are one job, whoever asks for them. */
export function jobId<Genotype>({ key, fidelity }: Candidate<Genotype>): string {
  return `c${digest(JSON.stringify([key, fidelity ?? null])).slice(0, 32)}`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
