import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { checkOptions, missingCheckpoint } from "../check";
import type { HistoryRow } from "../train";
import type { GanRecipe } from "./gan-recipe";
import type { ImageQuality } from "./image-quality";

/**
 * A row of a run's log: what `trainGan` tells of an epoch, and `imageQuality` of samples against training images. In the logs of
 * "least squares" that come with the library accuracy was still counted about 0, not about ½.
 */
export interface GanRunRow extends HistoryRow {
  /** Processor time of the training so far, in seconds, measuring left out. */
  cpuSeconds?: number;
}

/** What a run of `lib/src/checkpoints/train-digit-gans.ts` wrote down. */
export interface GanRunLog<Name extends string = string> {
  name: Name;
  date: string;
  machine: string;
  seed: number;
  recipe: GanRecipe;
  rows: GanRunRow[];
  /**
   * After the last row: 10,000 samples against the test images, with the generator's own weights and the averaged ones. A
   * run that is told labels also has `asAsked`, the share of samples that are read as the class asked for.
   */
  final: { own: ImageQuality; averaged: ImageQuality };
  /** 16 images from the same noise after some of the epochs, a byte a number, `[16, …]`, in base64. */
  samples: { epoch: number; images: string }[];
  /** The clusters' centres, where clusters were the classes: a byte a number, `[clusters, …]`, in base64. */
  centres?: string;
}

export interface GanRunsOptions {
  /** Where the runs' files are. @default those that come with the library */
  folder?: string;
}

/** The folder of the options. @throws TypeError for options that there are not */
export function folderOf(where: string, options: GanRunsOptions, preset: string): string {
  checkOptions(where, options, ["folder"]);
  return options.folder ?? preset;
}

/** Where a run's files are, without the ending. */
export const ganRunFile = (name: string, seed: number, folder: string): string =>
  join(folder, `${name.replaceAll(" ", "-")}-seed-${seed}`);

/** The seeds with which a run was made to its end, in order; none where it has not been made. */
export function ganRunSeeds(name: string, folder: string): number[] {
  if (!existsSync(folder)) return [];
  const start = basename(ganRunFile(name, 0, folder)).slice(0, -1);
  return readdirSync(folder)
    .filter((file) => file.startsWith(start) && /^\d+\.json$/.test(file.slice(start.length)))
    .map((file) => Number.parseInt(file.slice(start.length), 10))
    .sort((a, b) => a - b);
}

/** What a run wrote down. @param remake the words that make it @throws Error where the run has not been made */
export function readGanRunLog<Name extends string>(
  where: string,
  name: Name,
  seed: number,
  folder: string,
  remake: string,
): GanRunLog<Name> {
  const file = `${ganRunFile(name, seed, folder)}.json`;
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as GanRunLog<Name>;
  throw missingCheckpoint(where, file, `train-digit-gans.js ${remake}`);
}
