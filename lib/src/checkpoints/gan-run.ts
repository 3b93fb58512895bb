import { existsSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { checkInteger, checkNumber, checkOneOf } from "../check";
import { readSafetensors } from "../data/safetensors-file";
import { writeWhole } from "../data/whole-file";
import { isFast } from "../fast";
import { ganRunFile, trainGan } from "../gan";
import type { GanRecipe, GanRunLog, GanRunRow } from "../gan";
import { saveWeights } from "../models";
import { ready, tf } from "../tensorflow";
import { ganClasses } from "./gan-classes";
import { keepSamples, quality, qualityOfBoth } from "./gan-samples";
import { forPair, GAN_SUBJECTS, type GanSubject, type LoadedSubject, type Measuring } from "./gan-subjects";
import { processorSeconds } from "./processor-seconds";

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

export interface GanRunOptions {
  /** Where the log goes, and what is needed to go on. @default where the lessons look */
  folder?: string;
  /** For trials with little data: the recipe, the first so many images, where digits come from, how they are measured. */
  recipe?: GanRecipe;
  limit?: number;
  source?: "embedded";
  along?: Measuring;
  final?: Measuring;
  /** Ends the run cleanly. */
  signal?: AbortSignal;
  /** Told a line for each epoch. @default console.log */
  tell?: (line: string) => void;
}

/** Where a run is: `complete` once its log is written, `stopped` where the same call would go on. */
export type GanRunState = "complete" | "stopped" | "not begun";

/** What a stopped run needs besides the checkpoint of its training. */
interface Unfinished {
  recipe: GanRecipe;
  samples: GanRunLog["samples"];
  /** Of the clusters, which are found anew: they must be the same ones. */
  centres?: string;
  /** Whole epochs, with their processor time; and that of an epoch which was begun after so many whole ones. */
  done: { epochs: number; cpuSeconds: number };
  begun: { epochs: number; cpuSeconds: number };
}

/**
 * Trains a pair as its recipe says until the goal is reached. After each epoch samples are measured against training images;
 * at the end more of them against the test images, which decide nothing.
 *
 * A run that is stopped, or killed, goes on when it is asked for again, and ends with the same numbers. One that has reached
 * its goal is left as it is; one with a further goal goes on from there. An epoch that was begun is always ended: one that has
 * gone further than its goal by part of an epoch ends with that one.
 *
 * @throws RangeError for an unknown name or a goal that is none; Error in fast mode, where files of another recipe are there, or
 *   the checkpoint to go on from is missing, or where weights lie beside a log that would outgrow them
 */
export async function runGan(goal: GanGoal, options: GanRunOptions = {}): Promise<GanRunState> {
  const { subject, recipe, file, unfinished } = place(goal, options);
  const { data, name, seed, save } = goal;
  const {
    along: { every = 1, ...along } = subject.along,
    final = subject.final,
    limit,
    source,
    signal,
    tell = console.log,
  } = options;
  if (ganRunState(goal, options) === "complete") {
    tell(`${data} ${name} ${seed}: complete`);
    return "complete";
  }
  if (isFast()) {
    throw new Error(
      "runGan() makes no runs in fast mode, whose logs would look like whole ones. Remedy: unset NABLAB_FAST.",
    );
  }
  if (!save && existsSync(`${file}.safetensors`)) {
    throw new Error(`${file}.safetensors are weights of an earlier end of this run. Remedy: --save them again.`);
  }
  const over = new AbortController();
  const stop = () => over.abort();
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop);
  const owned: { dispose(): unknown }[] = [];
  const own = <T extends { dispose(): unknown }>(one: T): T => {
    owned.push(one);
    return one;
  };
  try {
    const { short, threads } = await ready();
    const loaded = own(await subject.load({ limit, source }));
    const { gan } = own(subject.build(recipe, seed));
    const classes = ganClasses(loaded.train, recipe, seed);
    const real = own(forPair(loaded.train.x, own(classes.y), recipe));
    const painter = { gan, recipe, ...classes };
    const featuresOf = ({ x, size }: LoadedSubject["train"]) =>
      own(tf.tidy(() => loaded.read(tf.slice(x, 0, Math.min(10_000, size))).features));
    const reference = featuresOf(loaded.train);
    const { centres } = classes;
    const state: Unfinished = readJson(`${unfinished}.json`) ?? {
      ...{ recipe, samples: [], centres, done: { epochs: 0, cpuSeconds: 0 } },
      begun: { epochs: 0, cpuSeconds: classes.cpuSeconds },
    };
    if (state.centres !== undefined && state.centres !== centres) {
      throw new Error(
        `${unfinished}.json is of other clusters than were found now. Remedy: remove the files of that run.`,
      );
    }
    const keep = () => writeWhole(`${unfinished}.json`, JSON.stringify(state));
    keep();
    let since = processorSeconds();
    const timeOf = (epochs: number, seconds: number) =>
      seconds + (state.begun.epochs === epochs ? state.begun.cpuSeconds : 0);
    const inEpoch = state.done.epochs > 0 && state.begun.epochs === state.done.epochs;
    const history = await trainGan(gan, real, {
      seed,
      // Where the goal was reached and the log is missing: that epoch once more, if the checkpoint came too late for it.
      epochs: reached(state.done, goal) ? state.done.epochs + (inEpoch ? 1 : 0) : (goal.epochs ?? 200),
      batchSize: recipe.batchSize,
      simultaneous: recipe.simultaneous,
      criticSteps: recipe.criticSteps,
      compile: { precision: recipe.precision },
      checkpoint: { file: `${unfinished}.safetensors` },
      signal: over.signal,
      progress: false,
      onEpochEnd: (row: GanRunRow, { rows }) => {
        const spent = processorSeconds() - since;
        if (row.epoch === 1 || row.epoch % every === 0) {
          Object.assign(row, qualityOfBoth(painter, loaded, reference, along));
        }
        row.cpuSeconds =
          ((rows[rows.length - 2] as GanRunRow | undefined)?.cpuSeconds ?? 0) + timeOf(rows.length - 1, spent);
        keepSamples(state.samples, row.epoch, painter);
        state.done = { epochs: rows.length, cpuSeconds: row.cpuSeconds };
        keep();
        tell(`${data} ${name} ${seed}, ${inWords(row)}`);
        if (reached(state.done, goal)) stop();
        since = processorSeconds();
      },
    });
    // An epoch that was not done to its end has no time; the checkpoint goes on with it.
    const rows: GanRunRow[] = history.rows.filter((row) => row.cpuSeconds !== undefined);
    if (!reached(last(rows), goal) || (inEpoch && rows.length === state.begun.epochs)) {
      if (history.rows.length > rows.length) {
        state.begun = { epochs: rows.length, cpuSeconds: timeOf(rows.length, processorSeconds() - since) };
      }
      keep();
      tell(`${data} ${name} ${seed}: stopped after ${rows.length} epochs`);
      return "stopped";
    }
    const test = featuresOf(loaded.test);
    const log: GanRunLog = {
      ...{ name, date: new Date().toISOString().slice(0, 10) },
      machine: `${short}, ${threads === 1 ? "1 thread" : `${threads} threads`} on ${cpus().length} cores of ${cpus()[0].model.trim()}`,
      ...{ seed, recipe, rows },
      final: {
        own: quality(painter, loaded, test, final, false),
        averaged: quality(painter, loaded, test, final, true),
      },
      samples: state.samples.filter(({ epoch }) => epoch <= rows.length),
      centres,
    };
    const notes = { log: JSON.stringify({ ...log, rows: rows.slice(-1), samples: undefined, centres: undefined }) };
    const write = () =>
      saveWeights(gan.generator, `${file}.safetensors`, { half: true, notes: { ...notes, weights: save! } });
    if (save === "own") write();
    if (save === "averaged") gan.averaged!.use(write);
    // Last: where it is, all is there.
    writeWhole(`${file}.json`, `${JSON.stringify(log, undefined, 1)}\n`);
    tell(`${data} ${name} ${seed}: complete, ${rows.length} epochs, ${JSON.stringify(log.final)}`);
    return "complete";
  } finally {
    signal?.removeEventListener("abort", stop);
    for (const one of owned.reverse()) one.dispose();
  }
}

/** Where a run is, by its files. @throws as `runGan` does */
export function ganRunState(goal: GanGoal, options: GanRunOptions = {}): GanRunState {
  const { recipe, file, unfinished } = place(goal, options);
  const log: GanRunLog | undefined = readJson(`${file}.json`);
  const state: Unfinished | undefined = readJson(`${unfinished}.json`);
  for (const [path, made] of [[`${file}.json`, log] as const, [`${unfinished}.json`, state] as const]) {
    if (!made || isDeepStrictEqual(made.recipe, recipe)) continue;
    throw new Error(`${path} is of another recipe than "${goal.name}" now has. Remedy: remove the files of that run.`);
  }
  if (log && reached(last(log.rows), goal) && (!goal.save || isSaved(file, goal.save, log))) return "complete";
  if (existsSync(`${unfinished}.safetensors`)) return "stopped";
  if (!log) return "not begun";
  throw new Error(
    `${file}.json ends after ${log.rows.length} epochs, and ${unfinished}.safetensors, to go on from, is not there. ` +
      "Remedy: remove the log to begin anew.",
  );
}

/** Whether the weights beside a log are of its last epoch, and those that are asked for. */
function isSaved(file: string, save: NonNullable<GanGoal["save"]>, log: GanRunLog): boolean {
  if (!existsSync(`${file}.safetensors`)) return false;
  const { log: noted, weights = save } = readSafetensors(`${file}.safetensors`).metadata;
  if (!noted) return false;
  const { rows } = JSON.parse(noted) as Pick<GanRunLog, "rows">;
  return weights === save && rows[0].epoch === log.rows.length;
}

function place({ data, name, seed, epochs = 1, cpuSeconds = 0 }: GanGoal, { folder, recipe }: GanRunOptions) {
  checkOneOf("runGan()", "data", data, Object.keys(GAN_SUBJECTS) as GanGoal["data"][]);
  const subject: GanSubject = GAN_SUBJECTS[data];
  checkOneOf("runGan()", "name", name, Object.keys(subject.recipes));
  checkInteger("runGan()", "seed", seed, { min: 0 });
  checkInteger("runGan()", "epochs", epochs, { min: 1 });
  checkNumber("runGan()", "cpuSeconds", cpuSeconds, { min: 0 });
  const where = folder ?? subject.folder;
  const file = ganRunFile(name, seed, where);
  return {
    subject,
    recipe: recipe ?? subject.recipes[name],
    file,
    unfinished: ganRunFile(name, seed, join(where, ".unfinished")),
  };
}

/** Whether so many epochs have been made, or the next one would miss the time by more than this one does. */
const reached = (done: Unfinished["done"], { epochs = 200, cpuSeconds = Infinity }: GanGoal): boolean =>
  done.epochs >= epochs || (done.epochs > 0 && done.cpuSeconds * (1 + 0.5 / done.epochs) > cpuSeconds);

/** How far rows go. */
const last = (rows: readonly GanRunRow[]): Unfinished["done"] => ({
  epochs: rows.length,
  cpuSeconds: rows[rows.length - 1]?.cpuSeconds ?? 0,
});

const readJson = <T>(file: string): T | undefined =>
  existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as T) : undefined;

function inWords(row: GanRunRow): string {
  const told = ["loss", "generatorLoss", "accuracy", "frechet", "averagedFrechet", "confident", "rarest", "cpuSeconds"];
  const numbers = told.filter((key) => row[key] !== undefined).map((key) => `${key} ${row[key]!.toPrecision(4)}`);
  return `epoch ${row.epoch}: ${numbers.join(", ")}`;
}
