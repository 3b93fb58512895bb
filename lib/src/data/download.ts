import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { checkOptions } from "../check";
import { formatBytes, interruptSignal, Progress, ProgressOption, progressSink } from "../progress";
import { sizeOf, transfer, TransferFailure } from "./transfer";

/** A file on the network, and how to know that it is the right one. */
export interface RemoteFile {
  name: string;
  /** Where to find it, tried in order. */
  addresses: readonly string[];
  bytes: number;
  sha256: string;
}

export interface DownloadOptions {
  /** The folder that it belongs in. */
  folder: string;
  /** How to show progress. @default true */
  progress?: ProgressOption;
  /** Stops the download; what arrived is kept for the next time. @default the notebook's Stop button */
  signal?: AbortSignal;
  /** Give up on an address when nothing arrives for so many seconds. @default 10 */
  stallSeconds?: number;
  /** Tries at one address while each brings something new or the server may recover. @default 3 */
  attempts?: number;
}

/** A file that is neither in the cache nor to be had; the message says where to put it by hand. */
export class DownloadError extends Error {
  override name = "DownloadError";
}

const running = new Map<string, Promise<string>>();

/**
 * Makes sure that a file is in its folder, whole and right, and returns its path.
 *
 * What is there is checked every time (size and SHA-256). What is missing or damaged is fetched into a part file, checked,
 * and then renamed, so that nobody ever sees half a file under its name. Each process writes to a part of its own and takes
 * over parts that dead ones left: two kernels may ask for the same file at the same time.
 *
 * @throws DownloadError that says what is missing, what each address answered and where to put the file;
 *   what the signal was aborted with
 */
export async function download(file: RemoteFile, options: DownloadOptions): Promise<string> {
  checkOptions("download()", options, ["folder", "progress", "signal", "stallSeconds", "attempts"]);
  const path = join(options.folder, file.name);
  // Two cells that ask for it at once share one transfer: they would share its part file as well.
  return sharing(running, path, () => fetchChecked(file, path, options));
}

/** Starts a job, or joins the one that already runs under this key. */
export function sharing<T>(running: Map<string, Promise<T>>, key: string, start: () => Promise<T>): Promise<T> {
  const same = running.get(key);
  if (same) return same;
  const job = start().finally(() => running.delete(key));
  running.set(key, job);
  return job;
}

async function fetchChecked(file: RemoteFile, path: string, options: DownloadOptions): Promise<string> {
  const { progress = true, signal = interruptSignal(), stallSeconds = 10, attempts = 3 } = options;
  signal.throwIfAborted();
  const damage = await damageOf(path, file);
  if (damage === undefined) return path;
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.${process.pid}.part`;
  await adopt(path, part);

  const from = await sizeOf(part);
  const bar = new Progress({ label: file.name, unit: "bytes", total: file.bytes, from }, progressSink(progress));
  const failures: string[] = [];
  try {
    for (const address of file.addresses) {
      const failure = await tryAddress(address, part, attempts, {
        bytes: file.bytes,
        stallSeconds,
        signal,
        onBytes: (count) => bar.report(count),
      });
      const wrong = failure ?? (await damageOf(part, file));
      if (wrong === undefined) {
        await rename(part, path);
        bar.finish(file.bytes);
        return path;
      }
      failures.push(`  ${address}: ${wrong}`);
      // The right number of wrong bytes: going on from them could never come right.
      if (failure === undefined) await rm(part, { force: true });
    }
    throw new DownloadError(await explain(file, path, damage, failures, part));
  } finally {
    await release(path, part);
  }
}

/** Tries one address until it gives up or the file is there. @returns what went wrong at last */
async function tryAddress(
  address: string,
  part: string,
  attempts: number,
  options: Parameters<typeof transfer>[2],
): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    const before = await sizeOf(part);
    try {
      await transfer(address, part, options);
      return undefined;
    } catch (error) {
      if (!(error instanceof TransferFailure)) throw error;
      // A long download on a bad line may be cut often: as long as it moves on, it goes on.
      if ((await sizeOf(part)) > before && before > 0) attempt = 1;
      if (!error.again || attempt >= attempts) return error.message;
    }
  }
}

/** What is wrong with a file: undefined where nothing is. */
export async function damageOf(
  path: string,
  { bytes, sha256 }: Pick<RemoteFile, "bytes" | "sha256">,
): Promise<string | undefined> {
  const size = await sizeOf(path);
  if (size === 0) return "it is missing";
  if (size !== bytes) return `it has ${size} bytes instead of ${bytes}`;
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  const sum = hash.digest("hex");
  return sum === sha256 ? undefined : `its SHA-256 is ${sum} instead of ${sha256}`;
}

async function explain(
  file: RemoteFile,
  path: string,
  damage: string,
  failures: string[],
  part: string,
): Promise<string> {
  const kept = await sizeOf(part);
  return [
    `${file.name} (${formatBytes(file.bytes)}) is needed: ${damage}. It could not be downloaded:`,
    ...failures,
    `Remedy: try again with a network${kept > 0 ? ` (the ${formatBytes(kept)} that arrived are kept)` : ""}, ` +
      `or fetch it from ${file.addresses[0]} elsewhere and put it at ${path}`,
  ].join("\n");
}

/** Takes over what an earlier download left: renaming has one winner, however many try. */
async function adopt(path: string, part: string): Promise<void> {
  const name = path.slice(dirname(path).length + 1);
  for (const entry of await readdir(dirname(path))) {
    if (!entry.startsWith(`${name}.`) || !entry.endsWith(".part")) continue;
    const owner = Number(entry.slice(name.length + 1, -".part".length));
    if (owner > 0 && isAlive(owner)) continue;
    const orphan = join(dirname(path), entry);
    if ((await sizeOf(orphan)) > (await sizeOf(part))) await rename(orphan, part).catch(ignoreMissing);
    else await rm(orphan, { force: true });
  }
}

/** Leaves what arrived to whoever asks next. */
async function release(path: string, part: string): Promise<void> {
  if ((await sizeOf(part)) > 0) await rename(part, `${path}.part`).catch(ignoreMissing);
  else await rm(part, { force: true });
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
