import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkOptions, missingCheckpoint, refuse } from "../check";
import type { JournalRow } from "./journal";
import { isFailure } from "./outcome";
import { planSize } from "./plan";
import { smallCnn, smallCnnSpace, type SmallCnn } from "./small-cnn-space";

/** Where the journals of `train-small-cnns.ts` lie. The path is the same seen from src/ and from dist/. */
const folderOfJournals = join(__dirname, "../../checkpoints/small-cnns");

/** The journal of all trainings with a seed, 1 or more. */
export const smallCnnJournal = (seed: number, folder = folderOfJournals): string => join(folder, `seed-${seed}.jsonl`);

export interface SmallCnnTableOptions {
  /** Where the journals are. @default lib/checkpoints/small-cnns */
  folder?: string;
}

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
 * Reads what became of every network of `smallCnnSpace`, trained by `SMALL_CNN_RECIPE` with several seeds; comes with nablab.
 * So a search can be judged exactly: how far from the best, how often, after how many evaluations.
 *
 * It reads the journals that lib/src/checkpoints/train-small-cnns.ts writes, as far as they are whole: seeds 1, 2, …
 *
 * @throws Error where not even seed 1 is whole
 * @example
 * const table = nas.smallCnnTable();
 * await nas.runSearch(nas.geneticSearch(table.space, { evaluations: 100 }), ({ genotype }) => table.resultOf(genotype).mean);
 */
export function smallCnnTable(options: SmallCnnTableOptions = {}): SmallCnnTable {
  checkOptions("smallCnnTable()", options, ["folder"]);
  const { folder = folderOfJournals } = options;
  const networks = [...smallCnnSpace.all()];
  const runs: Map<string, JournalRow>[] = [];
  for (let run = rowsOf(folder, 1); run.size === networks.length; run = rowsOf(folder, runs.length + 1)) runs.push(run);
  if (runs.length === 0) {
    const what = `journal ${smallCnnJournal(1, folder)} with all ${networks.length} networks (${rowsOf(folder, 1).size} are there)`;
    throw missingCheckpoint("smallCnnTable()", what, "train-small-cnns.js");
  }
  const results = networks.map((genotype): SmallCnnResult => {
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
  return { space: smallCnnSpace, results, seeds: runs.map((_, i) => i + 1), best, resultOf };
}

/** What a journal holds, by key; nothing where there is none. */
function rowsOf(folder: string, seed: number): Map<string, JournalRow> {
  const file = smallCnnJournal(seed, folder);
  if (!existsSync(file)) return new Map();
  // The first line says with which setup, and one that is not ended yet is being written.
  const lines = readFileSync(file, "utf8").split("\n").slice(1, -1);
  return new Map(lines.map((line) => JSON.parse(line) as JournalRow).map((row) => [row.key, row]));
}
