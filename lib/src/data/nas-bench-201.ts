import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { checkOptions, refuse } from "../check";
import { cacheFolder, catalogue } from "./catalogue";
import { DownloadError } from "./download";

/** What became of one cell in CIFAR-10 trainings; all in percent. */
export interface CellResult {
  /** The operation on each edge: 1<-0, 2<-0, 2<-1, 3<-0, 3<-1, 3<-2. */
  operations: readonly string[];
  /** Validation accuracy after 12 epochs on half of the training images: what a search sees. */
  val12: number;
  /** Test accuracy after 12 epochs. */
  test12: number;
  /** Validation accuracy after 200 epochs, once for each of two or three seeds. */
  val200: readonly number[];
  /** Test accuracy after 200 epochs on all training images, the mean over seeds: what a search is judged by. */
  test200: number;
}

export interface NasBench201Table {
  /** What an edge may do: "none", "skip_connect", two convolutions and a pool. */
  operations: readonly string[];
  /** All 15,625 cells. */
  cells: readonly CellResult[];
  /** Where the numbers come from, in a sentence. */
  source: string;
}

export interface NasBench201Options {
  /** The cache. @default what `NABLAB_DATA` names, else datasets/cache */
  folder?: string;
}

/** Digits of `ops` are places in the list of operations, edges are in this order. */
const EDGES = ["1<-0", "2<-0", "2<-1", "3<-0", "3<-1", "3<-2"];

/**
 * NAS-Bench-201: every cell of four nodes and five operations, trained on CIFAR-10, so that a search can be run in
 * milliseconds and judged exactly.
 *
 * The publishers offer it as an archive of more than 2 GB for Python. `datasets/nas-bench-201.py` reads the CIFAR-10
 * accuracies out of it once, 257 kB of JSON, `cifar10.json.gz`: `{ ops, edges, columns, rows }` with rows
 * `[ops, val12, test12, [val200, …], test200]`, where `ops` has a digit for each edge.
 *
 * Dong and Yang: NAS-Bench-201: Extending the scope of reproducible neural architecture search. ICLR 2020. MIT licence.
 *
 * @throws DownloadError where the file is not in the cache, RangeError where it is another one
 */
export async function nasBench201(options: NasBench201Options = {}): Promise<NasBench201Table> {
  const where = "nasBench201()";
  checkOptions(where, options, ["folder"]);
  const { folder = join(cacheFolder(), "nas-bench-201") } = options;
  const { files, title, homepage } = catalogue()["nas-bench-201"];
  const [file] = files;
  const path = join(folder, file.name);
  const needed = (why: string) =>
    new DownloadError(
      `${file.name} of NAS-Bench-201 is needed: ${why}. It is an extract of ${homepage} and can't be downloaded by itself. ` +
        `Remedy: download NATS-tss-v1_0-3ffb9-simple as ${homepage} says, unpack it, and run ` +
        `python3 datasets/nas-bench-201.py NATS-tss-v1_0-3ffb9-simple ${path}`,
    );
  if (!existsSync(path)) throw needed("it is missing");
  const bytes = await readFile(path);
  try {
    const table = parseNasBench201(gunzipSync(bytes).toString("utf8"));
    checkPublished(where, table);
    return { ...table, source: title };
  } catch (error) {
    throw needed(`${path} is another file: ${(error as Error).message}`);
  }
}

/** An extract has no checksum, since another rounding or compression gives other bytes: the paper's numbers are its check. */
function checkPublished(where: string, { cells }: Pick<NasBench201Table, "cells">): void {
  const best = Math.max(...cells.map(({ test200 }) => test200));
  // Dong and Yang, table 5: the optimum on CIFAR-10's test set.
  if (cells.length !== 15_625 || Math.abs(best - 94.37) > 0.01) {
    refuse(where, "the best test accuracy of 15625 cells", "94.37 % as published", best);
  }
}

/**
 * Reads the extract's JSON and checks that it is whole.
 *
 * @throws RangeError where columns, edges or cells are not as described
 */
export function parseNasBench201(json: string): Omit<NasBench201Table, "source"> {
  const where = "parseNasBench201()";
  const { ops, edges, columns, rows } = JSON.parse(json) as {
    ops: string[];
    edges: string[];
    columns: string[];
    rows: [string, number, number, number[], number][];
  };
  const wanted = ["ops", "val12", "test12", "val200seeds", "test200"];
  if (columns?.join() !== wanted.join()) refuse(where, "columns", wanted.join(", "), columns);
  if (edges?.join() !== EDGES.join()) refuse(where, "edges", EDGES.join(", "), edges);
  const digits = new RegExp(`^[0-${ops.length - 1}]{${EDGES.length}}$`);
  const cells = rows.map(([code, val12, test12, val200, test200], i): CellResult => {
    if (!digits.test(code)) refuse(where, `the ops of row ${i}`, `${EDGES.length} places among the operations`, code);
    for (const value of [val12, test12, test200, ...val200]) {
      if (!(value >= 0 && value <= 100)) refuse(where, `the accuracies of row ${i}`, "from 0 to 100", value);
    }
    return { operations: [...code].map((digit) => ops[Number(digit)]), val12, test12, val200, test200 };
  });
  const different = new Set(rows.map(([code]) => code)).size;
  const all = ops.length ** EDGES.length;
  if (rows.length !== all || different !== all) refuse(where, "the rows", `all ${all} cells, each once`, different);
  return { operations: ops, cells };
}
