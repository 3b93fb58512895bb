import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { missingCheckpoint } from "../check";
import { Recipe } from "./recipe";

/** Where the logs and the weights of lesson 07's runs lie. The path is the same seen from src/ and from dist/. */
export const cifar10Runs = join(__dirname, "../../checkpoints/cifar10");

/** What a run of `lib/src/checkpoints/train-cifar10.ts` wrote down. */
export interface RunLog {
  name: string;
  date: string;
  machine: string;
  seed: number;
  recipe: Recipe;
  parameters: number;
  /** How many images it learned from, and on how many others it was measured. */
  images: number;
  measuredOn: number;
  /** Share of right answers, from 0 to 1; the second with `predictViews`. */
  accuracy: number;
  accuracyOfViews: number;
  /** Time of the training, without reading the data and without measuring. */
  seconds: number;
  rows: { epoch: number; loss: number; seconds: number }[];
}

/**
 * The logs of runs whose names start like this, in alphabetical order.
 *
 * @example runLogs("94") // three seeds of the recipe that reaches 94 %
 * @throws Error where there are none
 */
export function runLogs(start: string, { folder = cifar10Runs } = {}): RunLog[] {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".json")) : [];
  const logs = files.sort().map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as RunLog);
  const found = logs.filter(({ name }) => name.startsWith(start));
  if (found.length > 0) return found;
  throw missingCheckpoint("runLogs()", `log that starts with "${start}" in ${folder}`, "train-cifar10.js");
}
