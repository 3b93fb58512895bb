import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths";

/** Where data sets are kept: `NABLAB_DATA`, or `datasets/cache` in the clone. */
export const dataFolder = (): string => process.env.NABLAB_DATA || join(root, "datasets/cache");

/** The names of the data sets in the cache. */
export function cachedData(folder = dataFolder()): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && readdirSync(join(folder, entry.name)).length > 0)
    .map((entry) => entry.name)
    .sort();
}

/** One line on the data: nothing is downloaded before a lesson asks for it. */
export function dataHint(folder = dataFolder()): string {
  const names = cachedData(folder);
  return names.length
    ? `data sets in the cache: ${names.join(", ")}`
    : "no data sets in the cache yet: a lesson downloads what it needs, or starts on the 10,000 digits that come along";
}
