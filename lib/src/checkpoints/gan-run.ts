import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { writeWhole } from "../data/whole-file";
import { isFast } from "../fast";
import { trainGan } from "../gan";
import type { GanRunLog, GanRunRow } from "../gan";
import { saveWeights } from "../models";
import { ready, tf } from "../tensorflow";
import { ganClasses } from "./gan-classes";
import {
  ganRunState,
  last,
  placeOf,
  reached,
  readJson,
  stepsBegun,
  type GanGoal,
  type GanRunPlace,
  type GanRunState,
  type Unfinished,
} from "./gan-run-state";
import { keepSamples, quality, qualityOfBoth, type Painter } from "./gan-samples";
import { forPair, type LoadedSubject, type Measuring } from "./gan-subjects";
import { processorSeconds } from "./processor-seconds";

export interface GanRunOptions extends GanRunPlace {
  /** For trials with little data: the first so many images, where digits come from, how they are measured. */
  limit?: number;
  source?: "embedded";
  along?: Measuring;
  final?: Measuring;
  /** Ends the run cleanly. */
  signal?: AbortSignal;
  /** Told a line for each epoch. @default console.log */
  tell?: (line: string) => void;
}

/** What a run works with, all of it freed at its end. */
interface Loaded {
  images: LoadedSubject;
  painter: Painter;
  real: ReturnType<typeof forPair>;
  centres?: string;
  /** What it took to find clusters. */
  cpuSeconds: number;
}

/** Takes something that is freed at the end. */
type Own = <T extends { dispose(): unknown }>(one: T) => T;

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
  const { file, unfinished } = placeOf(goal, options);
  const { data, name, seed } = goal;
  const { signal, tell = console.log } = options;
  const run = `${data} ${name} ${seed}`;
  if (ganRunState(goal, options) === "complete") {
    tell(`${run}: complete`);
    return "complete";
  }
  if (isFast()) {
    throw new Error("runGan() makes no runs in fast mode: they would look like whole ones. Remedy: unset NABLAB_FAST.");
  }
  if (!goal.save && existsSync(`${file}.safetensors`)) {
    throw new Error(`${file}.safetensors are weights of an earlier end of this run. Remedy: --save them again.`);
  }
  const owned: { dispose(): unknown }[] = [];
  const own: Own = (one) => {
    owned.push(one);
    return one;
  };
  const over = new AbortController();
  const stop = () => over.abort();
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop);
  try {
    const loaded = await load(goal, options, own);
    const state = stateOf(unfinished, loaded);
    const rows = await train(goal, options, { loaded, state, unfinished, over, own, tell: (line) => tell(run + line) });
    if (!reached(last(rows), goal) || stepsBegun(unfinished) > 0) {
      tell(`${run}: stopped after ${rows.length} epochs`);
      return "stopped";
    }
    const final = await conclude(goal, options, { loaded, state, rows, file, own });
    tell(`${run}: complete, ${rows.length} epochs, ${JSON.stringify(final)}`);
    return "complete";
  } finally {
    signal?.removeEventListener("abort", stop);
    for (const one of owned.reverse()) one.dispose();
  }
}

/** Data, networks and classes. */
async function load(goal: GanGoal, options: GanRunOptions, own: Own): Promise<Loaded> {
  const { subject, recipe } = placeOf(goal, options);
  const { limit, source } = options;
  const images = own(await subject.load({ limit, source }));
  const { gan } = own(subject.build(recipe, goal.seed));
  const { y, ...classes } = ganClasses(images.train, recipe, goal.seed);
  const real = own(forPair(images.train.x, own(y), recipe));
  const { centres, cpuSeconds } = classes;
  return { images, painter: { gan, recipe, ...classes }, real, centres, cpuSeconds };
}

/** Where the run was stopped, or its beginning. @throws Error where its clusters were others */
function stateOf(unfinished: string, { painter: { recipe }, centres, cpuSeconds }: Loaded): Unfinished {
  const begun = { epochs: 0, cpuSeconds };
  const fresh: Unfinished = { recipe, samples: [], centres, done: { epochs: 0, cpuSeconds: 0 }, begun };
  const state = readJson<Unfinished>(`${unfinished}.json`) ?? fresh;
  state.centres ??= centres;
  if (state.centres === centres) return state;
  throw new Error(
    `${unfinished}.json is of other clusters than were found now. Remedy: remove the files of that run to begin anew.`,
  );
}

interface Training {
  loaded: Loaded;
  state: Unfinished;
  unfinished: string;
  over: AbortController;
  own: Own;
  tell: (line: string) => void;
}

/** Trains from where the state is until the goal is reached or the run is stopped. @returns a row for each whole epoch */
async function train(goal: GanGoal, options: GanRunOptions, training: Training): Promise<GanRunRow[]> {
  const { loaded, state, unfinished, over, own, tell } = training;
  const { images, painter, real } = loaded;
  const { gan, recipe } = painter;
  const { every = 1, ...along } = options.along ?? placeOf(goal, options).subject.along;
  const reference = featuresOf(images, images.train, own);
  const keep = () => writeWhole(`${unfinished}.json`, JSON.stringify(state));
  keep();
  const { begun, done } = state;
  let since = processorSeconds();
  const timeOf = (epochs: number) => processorSeconds() - since + (begun.epochs === epochs ? begun.cpuSeconds : 0);
  const { rows: all } = await trainGan(gan, real, {
    seed: goal.seed,
    // Where the goal was reached and the log is missing: an epoch that was begun is ended; that epoch comes once more, if the
    // checkpoint came too late for it.
    epochs: reached(done, goal) ? done.epochs + (stepsBegun(unfinished) > 0 ? 1 : 0) : (goal.epochs ?? 200),
    batchSize: recipe.batchSize,
    simultaneous: recipe.simultaneous,
    criticSteps: recipe.criticSteps,
    compile: { precision: recipe.precision },
    checkpoint: { file: `${unfinished}.safetensors` },
    signal: over.signal,
    progress: false,
    onEpochEnd: (row: GanRunRow, { rows }) => {
      const spent = timeOf(rows.length - 1); // without the measuring that follows
      if (row.epoch === 1 || row.epoch % every === 0) {
        Object.assign(row, qualityOfBoth(painter, images, reference, along));
      }
      row.cpuSeconds = last(rows.slice(0, -1)).cpuSeconds + spent;
      keepSamples(state.samples, row.epoch, painter);
      state.done = last(rows);
      keep();
      tell(`, ${inWords(row)}`);
      if (reached(state.done, goal)) over.abort();
      since = processorSeconds();
    },
  });
  // An epoch that was not done to its end has no time; the checkpoint goes on with it.
  const rows: GanRunRow[] = all.filter((row) => row.cpuSeconds !== undefined);
  if (all.length > rows.length) {
    state.begun = { epochs: rows.length, cpuSeconds: timeOf(rows.length) };
    keep();
  }
  return rows;
}

interface Trained {
  loaded: Loaded;
  state: Unfinished;
  rows: GanRunRow[];
  file: string;
  own: Own;
}

/** Measures what was trained against the test images, and writes weights and log. @returns the measures */
async function conclude(goal: GanGoal, options: GanRunOptions, trained: Trained): Promise<GanRunLog["final"]> {
  const { loaded, state, rows, file, own } = trained;
  const { images, painter, centres } = loaded;
  const { gan, recipe } = painter;
  const { final: measuring = placeOf(goal, options).subject.final } = options;
  const { name, seed, save } = goal;
  const { short, threads } = await ready();
  const test = featuresOf(images, images.test, own);
  const [ofOwn, ofAveraged] = [false, true].map((averaged) => quality(painter, images, test, measuring, averaged));
  const log: GanRunLog = {
    ...{ name, date: new Date().toISOString().slice(0, 10) },
    machine: `${short}, ${threads === 1 ? "1 thread" : `${threads} threads`} on ${cpus().length} cores of ${cpus()[0].model.trim()}`,
    ...{ seed, recipe, rows },
    final: { own: ofOwn, averaged: ofAveraged },
    samples: state.samples.filter(({ epoch }) => epoch <= rows.length),
    centres,
  };
  if (save) {
    const noted = JSON.stringify({ ...log, rows: rows.slice(-1), samples: undefined, centres: undefined });
    const notes = { log: noted, weights: save };
    const write = () => saveWeights(gan.generator, `${file}.safetensors`, { half: true, notes });
    if (save === "own") write();
    else gan.averaged!.use(write);
  }
  // Last: where it is, all is there.
  writeWhole(`${file}.json`, `${JSON.stringify(log, undefined, 1)}\n`);
  return log.final;
}

/** Features of real images, of 10,000 at most. */
const featuresOf = (images: LoadedSubject, { x, size }: LoadedSubject["train"], own: Own): tf.Tensor2D =>
  own(tf.tidy(() => images.read(tf.slice(x, 0, Math.min(10_000, size))).features));

function inWords(row: GanRunRow): string {
  const told = ["loss", "generatorLoss", "accuracy", "frechet", "averagedFrechet", "confident", "rarest", "cpuSeconds"];
  const numbers = told.filter((key) => row[key] !== undefined).map((key) => `${key} ${row[key]!.toPrecision(4)}`);
  return `epoch ${row.epoch}: ${numbers.join(", ")}`;
}
