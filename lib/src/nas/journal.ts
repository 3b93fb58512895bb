import { closeSync, fdatasync, fstatSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { isDeepStrictEqual, promisify } from "node:util";
import { refuse } from "../check";
import { isFailure, Outcome } from "./outcome";

/** One line of a journal. */
export type JournalRow = Outcome & {
  /** The candidate's canonical form: equal candidates are trained once. */
  readonly key: string;
  /** How thoroughly it was evaluated, where there are several ways. */
  readonly fidelity?: number;
};

const FORMAT = "nablab journal 1";

/**
 * The results of a search, one JSON line each, only ever added to. A search that was stopped, or killed, finds there what
 * it has evaluated already.
 *
 * A line is with the operating system when `add` returns, so it survives `kill -9`; `flush` and `close` wait until it is
 * on the disk. A last line that was cut off while it was written is dropped when the file is opened again.
 *
 * One process at a time may write to a journal.
 */
export class Journal {
  readonly file: string;
  private readonly descriptor: number;
  private readonly known = new Map<string, JournalRow>();
  private writing: Promise<void> | undefined;
  private unsafe = false;

  private constructor(file: string, descriptor: number) {
    this.file = file;
    this.descriptor = descriptor;
  }

  /**
   * Opens a journal, or begins one; its folder is made where it is missing.
   *
   * @param setup what every score in it depends on besides the candidate: data, epochs, seed. JSON, compared on opening
   * @throws RangeError where the file is no journal, was damaged before its end, or was written with another setup
   */
  static open(file: string, setup: Record<string, unknown> = {}): Journal {
    const path = resolve(file);
    mkdirSync(dirname(path), { recursive: true });
    const journal = new Journal(path, openSync(path, "a+"));
    try {
      journal.read(JSON.parse(JSON.stringify(setup)) as Record<string, unknown>);
    } catch (error) {
      closeSync(journal.descriptor);
      throw error;
    }
    return journal;
  }

  /** How many results there are. */
  get size(): number {
    return this.known.size;
  }

  /** All results, oldest first. */
  rows(): JournalRow[] {
    return [...this.known.values()];
  }

  /** What came of a candidate with this canonical form, at this fidelity; undefined where nobody knows yet. */
  find(key: string, fidelity?: number): JournalRow | undefined {
    return this.known.get(nameOf(key, fidelity));
  }

  /** Adds a result. @throws RangeError where there is one already, or where the score is no number */
  add(row: JournalRow): void {
    const name = nameOf(row.key, row.fidelity);
    if (this.known.has(name)) refuse("Journal.add()", "key", "one without a result", row.key);
    if (!isFailure(row) && !Number.isFinite(row.score)) refuse("Journal.add()", "score", "a finite number", row.score);
    this.write(row);
    this.known.set(name, row);
  }

  /** Waits until everything added so far is on the disk. */
  async flush(): Promise<void> {
    while (this.unsafe || this.writing) {
      this.sync();
      await this.writing;
    }
  }

  /** Waits for the disk and closes the file. */
  async close(): Promise<void> {
    await this.flush();
    closeSync(this.descriptor);
  }

  private write(row: unknown): void {
    const line = Buffer.from(`${JSON.stringify(row)}\n`);
    // In one piece, so that a process that dies leaves whole lines; only a full disk gives less.
    for (let done = 0; done < line.length;) done += writeSync(this.descriptor, line, done);
    this.unsafe = true;
    this.sync();
  }

  /** One call to the disk at a time: results that come while it runs share the next one. */
  private sync(): void {
    if (this.writing || !this.unsafe) return;
    this.unsafe = false;
    this.writing = promisify(fdatasync)(this.descriptor).finally(() => {
      this.writing = undefined;
      this.sync();
    });
  }

  private read(setup: Record<string, unknown>): void {
    const bytes = readFileSync(this.file);
    const end = bytes.lastIndexOf("\n") + 1;
    const lines = bytes.subarray(0, end).toString("utf8").split("\n").slice(0, -1);
    if (lines.length === 0 && bytes.length > 0 && !begins(bytes)) this.refuse("it is no journal of a search");
    lines.forEach((line, i) => this.readLine(line, i, setup));
    if (end < fstatSync(this.descriptor).size) ftruncateSync(this.descriptor, end);
    if (lines.length === 0) this.write({ format: FORMAT, setup });
  }

  private readLine(line: string, index: number, setup: Record<string, unknown>): void {
    let row: JournalRow & { format?: string; setup?: Record<string, unknown> };
    try {
      row = JSON.parse(line) as typeof row;
    } catch {
      return this.refuse(index === 0 ? "it is no journal of a search" : `line ${index + 1} is damaged`);
    }
    if (index > 0) {
      const name = nameOf(row.key, row.fidelity);
      if (!this.known.has(name)) this.known.set(name, row);
      return;
    }
    if (row?.format !== FORMAT) this.refuse(`it is no ${FORMAT}`);
    const before = row.setup ?? {};
    const other = Object.keys({ ...before, ...setup }).find((name) => !isDeepStrictEqual(before[name], setup[name]));
    if (other === undefined) return;
    this.refuse(`${other} was ${JSON.stringify(before[other])} there and is ${JSON.stringify(setup[other])} here`);
  }

  private refuse(what: string): never {
    throw new RangeError(`A search cannot go on from ${this.file}: ${what}. Remedy: name another file.`);
  }
}

/** Whether a file that ends in its first line is a journal whose beginning was cut off. */
function begins(bytes: Buffer): boolean {
  const start = Buffer.from(`{"format":"${FORMAT}"`);
  const length = Math.min(bytes.length, start.length);
  return bytes.subarray(0, length).equals(start.subarray(0, length));
}

function nameOf(key: string, fidelity: number | undefined): string {
  return fidelity === undefined ? key : `${key} at ${fidelity}`;
}
