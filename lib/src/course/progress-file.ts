import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isFast } from "../fast";

/** When each exercise was first passed, by id, in ISO form. */
type Passed = Record<string, string>;

/** Passed since this process started. They count even where nothing can be written. */
const session: Passed = {};

const folder = (): string => join(process.cwd(), ".nablab");
const path = (): string => join(folder(), "exercises.json");

/** Exercises passed in this session or, as the file remembers, in earlier ones. */
export const passedExercises = (): Passed => ({ ...readFile(), ...session });

/**
 * Remembers that an exercise was passed, in `.nablab/exercises.json` beside the notebook. A fast run writes nothing: it tests
 * the page with the solutions in place and is not the learner's. Where the folder can't be written, the session's memory is all.
 */
export function rememberPassed(id: string): void {
  session[id] ??= new Date().toISOString();
  if (isFast()) return;
  const known = readFile();
  if (id in known) return;
  try {
    mkdirSync(folder(), { recursive: true });
    const beside = `${path()}.${process.pid}`;
    writeFileSync(beside, `${JSON.stringify({ ...known, [id]: session[id] }, null, 2)}\n`);
    renameSync(beside, path());
  } catch {
    return;
  }
}

function readFile(): Passed {
  try {
    const known: unknown = JSON.parse(readFileSync(path(), "utf8"));
    return typeof known === "object" && known !== null && !Array.isArray(known) ? (known as Passed) : {};
  } catch {
    // Missing, or damaged by hand: the learner must be able to go on either way.
    return {};
  }
}
