/** What a person reads when a command cannot go on: what happened, why, and what to do about it. */
export class Failure extends Error {
  override readonly name = "Failure";

  constructor(
    readonly what: string,
    readonly why: string,
    readonly remedy: string,
  ) {
    super(`${what}: ${why}`);
  }

  /** Three lines, never more than five on a terminal of 100 columns. */
  override toString(): string {
    return [`✗ ${this.what}`, `  why: ${clip(this.why)}`, `  do:  ${clip(this.remedy)}`].join("\n");
  }
}

const clip = (text: string) => {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 180 ? `${line.slice(0, 179)}…` : line;
};

const causes: [pattern: RegExp, why: string, remedy: string][] = [
  [/ENOSPC|No space left on device|Disk quota exceeded|EDQUOT/i, "the disk is full", "free some space"],
  [
    /EROFS|EACCES|EPERM|Read-only file system|Permission denied/i,
    "this folder cannot be written",
    "clone the course into a folder of yours, or make this one writable",
  ],
  [
    /NewConnectionError|ConnectTimeout|ReadTimeout|Temporary failure in name resolution|Network is unreachable|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|Connection refused|Max retries exceeded|Cannot connect to proxy|ProxyError|Connection to .* timed out/i,
    "the Python package index cannot be reached",
    "connect to the network (pip's own settings for proxies and mirrors are used)",
  ],
  [
    /CERTIFICATE_VERIFY_FAILED|SSLError/i,
    "the certificate of the Python package index is not trusted here",
    "tell pip your network's certificate: `pip config set global.cert FILE`",
  ],
  [
    /\(from versions: none\)/,
    "the Python package index has no build of a package for this machine, or cannot be reached",
    "check the network and pip's own settings (`pip config list`)",
  ],
  [
    /THESE PACKAGES DO NOT MATCH THE HASHES/,
    "a download differs from what kernel-setup/python pins",
    "empty pip's cache (`pip cache purge`) and try another network: something alters downloads on the way",
  ],
];

/**
 * Turns the output of a failed command, or an error of the file system, into a {@link Failure}: the causes that
 * happen on learners' machines are named; for others the last telling line is quoted.
 */
export function explain(what: string, output: string, remedy: string): Failure {
  // pip warns of every lost connection before it says that it found no version: the first cause is the real one.
  const known = causes.find(([pattern]) => pattern.test(output));
  if (known) return new Failure(what, known[1], `${known[2]}, then run the same command again`);
  const lines = output.split("\n").filter((line) => line.trim());
  const telling = lines.filter((line) => /error/i.test(line)).pop() ?? lines.pop() ?? "it ended without a word";
  return new Failure(what, telling, remedy);
}

/** Runs a command's main function; a failure is printed in its three lines and the exit code is 1. */
export async function main(command: () => Promise<number | void>): Promise<void> {
  try {
    const code = await command();
    if (code !== undefined) process.exitCode = code;
  } catch (error) {
    process.exitCode = 1;
    if (error instanceof Failure) return console.error(error.toString());
    const { code, path } = error as NodeJS.ErrnoException;
    if (!code || !causes.some(([pattern]) => pattern.test(code))) throw error;
    console.error(explain(`${path ?? "a file"} could not be written`, code, "run the same command again").toString());
  }
}
