import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { refuse } from "../check";
import type { JournalRow } from "./journal";
import { isFailure } from "./outcome";
import { planSize } from "./plan";
import { smallCnn, smallCnnSpace, type SmallCnn } from "./small-cnn-space";

/** Where the journal of a seed lies. The path is the same seen from src/ and from dist/. */
export const smallCnnJournal = (seed: number): string =>
  join(__dirname, "../../checkpoints/small-cnns", `seed-${seed}.jsonl`);

/** What became of a network when it was trained, once with each seed. */
export interface SmallCnnResult {
  readonly genotype: SmallCnn;
  /** Its canonical form. */
  readonly key: string;
  readonly parameters: number;
  /** Operations of one image's forward pass: see `planSize`. */
  readonly flops: number;
  /** Accuracy on the validation images after the last epoch, for each seed; NaN where the training diverged. */
  readonly scores: readonly number[];
  /** Accuracy after each epoch, for each seed. */
  readonly curves: readonly (readonly number[])[];
  /** Mean of the scores: what a search with this budget could know at best. */
  readonly mean: number;
  /** Seconds that each training took, one core each, beside other work. */
  readonly seconds: readonly number[];
}

/** All networks of `smallCnnSpace` with what became of them. */
export interface SmallCnnTable {
  readonly space: typeof smallCnnSpace;
  /** In the order of `space.all()`. */
  readonly results: readonly SmallCnnResult[];
  readonly seeds: readonly number[];
  /** The highest mean. */
  readonly best: SmallCnnResult;
  /** @throws RangeError for what is no network of the space */
  resultOf(genotype: SmallCnn): SmallCnnResult;
}

/**
 * Reads what became of every network of `smallCnnSpace`, trained by `SMALL_CNN_RECIPE` with several seeds; comes with
 * nablab. So a search can be judged exactly: how far from the best, how often, after how many evaluations.
 *
 * Written by lib/src/checkpoints/train-small-cnns.ts; its journals are the log of the runs.
 *
 * @example
 * const table = nas.smallCnnTable();
 * await nas.runSearch(nas.geneticSearch(table.space, { evaluations: 100 }), ({ genotype }) => table.resultOf(genotype).mean);
 */
export function smallCnnTable(): SmallCnnTable {
  return (loaded ??= read());
}

let loaded: SmallCnnTable | undefined;

function read(): SmallCnnTable {
  const seeds: number[] = [];
  while (existsSync(smallCnnJournal(seeds.length + 1))) seeds.push(seeds.length + 1);
  const runs = seeds.map((seed) => new Map(rowsOf(smallCnnJournal(seed)).map((row) => [row.key, row])));
  const results = [...smallCnnSpace.all()].map((genotype): SmallCnnResult => {
    const key = smallCnnSpace.key(genotype);
    const rows = runs.map((run) => run.get(key)!);
    const { parameters, flops } = planSize(smallCnn(genotype), [32, 32, 3]);
    const scores = rows.map((row) => (isFailure(row) ? NaN : row.score));
    const curves = rows.map(({ details }) => (details?.curve ?? []) as number[]);
    const seconds = rows.map(({ details }) => Number(details?.seconds ?? NaN));
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    return { genotype, key, parameters, flops, scores, curves, mean, seconds };
  });
  const byKey = new Map(results.map((result) => [result.key, result]));
  const best = results.reduce((best, result) => (result.mean > best.mean ? result : best));
  const resultOf = (genotype: SmallCnn) =>
    byKey.get(smallCnnSpace.key(genotype)) ??
    refuse("smallCnnTable().resultOf()", "genotype", "a network of smallCnnSpace", genotype);
  return { space: smallCnnSpace, results, seeds, best, resultOf };
}

function rowsOf(file: string): JournalRow[] {
  const lines = readFileSync(file, "utf8").trim().split("\n").slice(1);
  return lines.map((line) => JSON.parse(line) as JournalRow);
}
