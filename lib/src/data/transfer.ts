import { open, rm, stat } from "node:fs/promises";

/** A transfer that failed, in words for the reader. */
export class TransferFailure extends Error {
  override name = "TransferFailure";
  constructor(
    message: string,
    /** Whether the same address may do better the next time: a cut connection, rather than a file that is not there. */
    readonly again: boolean,
  ) {
    super(message);
  }
}

export interface TransferOptions {
  /** The file's size; more or fewer bytes are a failure. */
  bytes: number;
  /** Give up when nothing arrives for so long. */
  stallSeconds: number;
  signal: AbortSignal;
  /** Told how many bytes the file has now. */
  onBytes(count: number): void;
}

/**
 * Fetches a file over HTTP, going on where an earlier transfer stopped (`Range`). When it returns, `path` has exactly
 * the right number of bytes; when it fails, what arrived stays for the next try, unless it cannot be of use.
 *
 * @throws TransferFailure; what the signal was aborted with
 */
export async function transfer(address: string, path: string, options: TransferOptions): Promise<void> {
  const { bytes, stallSeconds, signal, onBytes } = options;
  const have = await sizeOf(path);
  if (have === bytes) return;
  const stall = new AbortController();
  const timer = setTimeout(() => stall.abort(), stallSeconds * 1000);
  try {
    const response = await fetch(address, {
      // identity: some servers would otherwise unpack .gz files on the way, and no sum would fit.
      headers: { "accept-encoding": "identity", ...(have > 0 ? { range: `bytes=${have}-` } : {}) },
      signal: AbortSignal.any([signal, stall.signal]),
    });
    const start = await startOf(response, have, bytes);
    await receive(response, path, start, bytes, (count) => {
      timer.refresh();
      onBytes(count);
    });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TransferFailure) {
      if (error.message.includes("another length")) await rm(path, { force: true });
      throw error;
    }
    if (stall.signal.aborted) throw new TransferFailure(`nothing arrived for ${stallSeconds} s`, have > 0);
    throw networkFailure(error);
  } finally {
    clearTimeout(timer);
    stall.abort(); // frees the socket where the answer was not read to its end
  }
}

/** Where in the file the answer's first byte belongs. */
async function startOf(response: Response, have: number, bytes: number): Promise<number> {
  const { status, statusText, headers } = response;
  if (status === 206) {
    const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get("content-range") ?? "") ?? [];
    if (Number(start) !== have)
      throw new TransferFailure("the server answered with another part, so another length", true);
    if (total !== "*") checkLength(Number(total), bytes);
    return have;
  }
  // The server's file ends before what is here already, so one of the two is another file.
  if (status === 416) throw new TransferFailure("the server's file has another length than what is here", true);
  if (status !== 200) throw new TransferFailure(`${status} ${statusText}`.trim(), status >= 500);
  const length = headers.get("content-length");
  if (length !== null && !headers.has("content-encoding")) checkLength(Number(length), bytes);
  return 0;
}

function checkLength(got: number, bytes: number): void {
  if (got !== bytes) throw new TransferFailure(`the file has another length: ${got} bytes instead of ${bytes}`, false);
}

async function receive(
  response: Response,
  path: string,
  start: number,
  bytes: number,
  onBytes: (count: number) => void,
): Promise<void> {
  const file = await open(path, start > 0 ? "r+" : "w");
  let count = start;
  try {
    for await (const chunk of response.body ?? []) {
      if (count + chunk.length > bytes) {
        throw new TransferFailure(`the file has another length: more than ${bytes} bytes`, false);
      }
      await file.write(chunk, 0, chunk.length, count);
      count += chunk.length;
      onBytes(count);
    }
    // Power may fail between the rename that follows and the data: without this a whole name could hold holes.
    await file.sync();
  } finally {
    await file.close();
  }
  if (count < bytes) throw new TransferFailure(`the connection ended after ${count} of ${bytes} bytes`, true);
}

function networkFailure(error: unknown): TransferFailure {
  const { cause } = error as { cause?: NodeJS.ErrnoException };
  const code = cause?.code;
  if (code === "UND_ERR_SOCKET" || code === "ECONNRESET") return new TransferFailure("the connection was cut", true);
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return new TransferFailure(`no network, or no such host (${code})`, false);
  const message = cause?.message ?? (error as Error).message;
  return new TransferFailure(code && !message.includes(code) ? `${message} (${code})` : message, false);
}

/** Bytes of a file, 0 where there is none. */
export async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
