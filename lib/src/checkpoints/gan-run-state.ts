import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { checkInteger, checkNumber, checkOneOf } from "../check";
import { readSafetensors } from "../data/safetensors-file";
import { ganRunFile, type GanRecipe, type GanRunLog, type GanRunRow } from "../gan";
import { GAN_SUBJECTS, type GanSubject } from "./gan-subjects";

/** How far a run is to go. */
export interface GanGoal {
  data: keyof typeof GAN_SUBJECTS;
  name: string;
  seed: number;
  /** @default 200 */
  epochs?: number;
  /** Processor time that the training may take, in seconds: the run ends after the epoch that comes nearest. @default any */
  cpuSeconds?: number;
  /** Weights to keep beside the log. @default none */
  save?: "own" | "averaged";
}

/** Where a run's files are, and by which recipe it is made if not by that of its name. */
export interface GanRunPlace {
  /** @default where the lessons look */
  folder?: string;
  /** For trials. */
  recipe?: GanRecipe;
}

/** Where a run is: `complete` once its log is written, `stopped` where the same call would go on. */
export type GanRunState = "complete" | "stopped" | "not begun";

/** What a stopped run needs besides the checkpoint of its training. */
export interface Unfinished {
  recipe: GanRecipe;
  samples: GanRunLog["samples"];
  /** Of the clusters, which are found anew: they must be the same ones. */
  centres?: string;
  /** Whole epochs, with their processor time; and that of an epoch which was begun after so many whole ones. */
  done: { epochs: number; cpuSeconds: number };
  begun: { epochs: number; cpuSeconds: number };
}

/** Where a run is, by its files. @throws as `runGan` does */
export function ganRunState(goal: GanGoal, options: GanRunPlace = {}): GanRunState {
  const { recipe, file, unfinished } = placeOf(goal, options);
  const log: GanRunLog | undefined = readJson(`${file}.json`);
  const state: Unfinished | undefined = readJson(`${unfinished}.json`);
  for (const [path, made] of [[`${file}.json`, log] as const, [`${unfinished}.json`, state] as const]) {
    if (!made || isDeepStrictEqual(made.recipe, recipe)) continue;
    throw new Error(`${path} is of another recipe than "${goal.name}" now has. Remedy: remove the files of that run.`);
  }
  const far = log !== undefined && reached(last(log.rows), goal);
  if (far && (!goal.save || isSaved(file, goal.save, log))) return "complete";
  if (existsSync(`${unfinished}.safetensors`)) return "stopped";
  if (!log) return "not begun";
  const lacks = far
    ? `has no ${goal.save} weights of its last epoch beside it`
    : `ends after ${log.rows.length} epochs`;
  throw new Error(
    `${file}.json ${lacks}, and ${unfinished}.safetensors, to go on from, is not there. ` +
      "Remedy: remove the log to begin anew.",
  );
}

/** Whether the weights beside a log are those that are asked for, of its last epoch. */
function isSaved(file: string, save: NonNullable<GanGoal["save"]>, log: GanRunLog): boolean {
  if (!existsSync(`${file}.safetensors`)) return false;
  const { log: noted, weights } = readSafetensors(`${file}.safetensors`).metadata;
  if (weights !== save) return false; // others, or a file that this program didn't write
  return (JSON.parse(noted) as GanRunLog).rows[0].epoch === log.rows.length;
}

/** Steps of an epoch that a stopped training has begun; 0 between two epochs, or where there is none. */
export function stepsBegun(unfinished: string): number {
  if (!existsSync(`${unfinished}.safetensors`)) return 0;
  const { contents } = readSafetensors(`${unfinished}.safetensors`).metadata;
  return (JSON.parse(contents) as { position: { stepInEpoch: number } }).position.stepInEpoch;
}

/** What a goal's run is made of, and where its files are, without their endings. @throws RangeError for a goal that is none */
export function placeOf(goal: GanGoal, { folder, recipe }: GanRunPlace) {
  const { data, name, seed, epochs = 1, cpuSeconds, save = "own" } = goal;
  const where = "runGan()";
  checkOneOf(where, "data", data, Object.keys(GAN_SUBJECTS) as GanGoal["data"][]);
  const subject: GanSubject = GAN_SUBJECTS[data];
  checkOneOf(where, "name", name, Object.keys(subject.recipes));
  checkInteger(where, "seed", seed, { min: 0 });
  checkInteger(where, "epochs", epochs, { min: 1 });
  if (cpuSeconds !== undefined) checkNumber(where, "cpuSeconds", cpuSeconds, { min: Number.MIN_VALUE });
  checkOneOf(where, "save", save, ["own", "averaged"]);
  const at = folder ?? subject.folder;
  return {
    subject,
    recipe: recipe ?? subject.recipes[name],
    file: ganRunFile(name, seed, at),
    unfinished: ganRunFile(name, seed, join(at, ".unfinished")),
  };
}

/** Whether so many epochs have been made, or the next one would miss the time by more than this one does. */
export const reached = (done: Unfinished["done"], { epochs = 200, cpuSeconds = Infinity }: GanGoal): boolean =>
  done.epochs >= epochs || (done.epochs > 0 && done.cpuSeconds * (1 + 0.5 / done.epochs) > cpuSeconds);

/** How far rows go. */
export const last = (rows: readonly GanRunRow[]): Unfinished["done"] => ({
  epochs: rows.length,
  cpuSeconds: rows[rows.length - 1]?.cpuSeconds ?? 0,
});

export const readJson = <T>(file: string): T | undefined =>
  existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as T) : undefined;
