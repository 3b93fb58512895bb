import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { readText, rmStamp, writeWhole } from "./fingerprint";
import type { Progress } from "./progress";

/** One thing the course needs, with what it is made from and how it is made. */
export interface Step {
  title: string;
  /** A fingerprint of everything the result depends on: where it changes, the step is done again. */
  inputs(): string;
  /** The file that says which inputs the result was made from; written last, inside the result's own folder. */
  stamp: string;
  /** Whether the result is still where the stamp says it was put. */
  present(): boolean;
  /** Makes the result; what it returns is put behind the step's line, for example which compiler was used. */
  make(progress: Progress): Promise<string | void>;
}

/** Whether a step's result is there and made from today's inputs. */
export const isDone = (step: Step): boolean => step.present() && readText(step.stamp) === step.inputs();

/**
 * Does the steps that are not done yet, in order.
 *
 * A step's old stamp goes before the work and its new one is written after it, so that an interrupted step is done
 * again and nothing half-made passes for made. Inputs are read again after the work, since a step may itself
 * settle what the next run will find.
 *
 * @returns how many steps had to be done.
 * @throws {Failure} from the first step that cannot be done; the steps before it stay done.
 */
export async function doSteps(steps: Step[], progress: Progress): Promise<number> {
  let done = 0;
  for (const step of steps) {
    if (isDone(step)) continue;
    rmStamp(step.stamp);
    await progress.during(step.title, () => step.make(progress));
    mkdirSync(dirname(step.stamp), { recursive: true });
    writeWhole(step.stamp, step.inputs());
    done++;
  }
  return done;
}
