import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rl } from "nablab";

/** A task that agents are judged by. */
export interface Task {
  id: string;
  settings: rl.Recipe;
  /** The mean return that each seed should reach. */
  goal: number;
  /** That each seed is judged by. */
  episodes: number;
  /** Shown because it is known to miss the goal. */
  failure?: boolean;
}

interface Row extends Pick<Task, "id" | "goal" | "failure"> {
  /** @default 100 */
  episodes?: number;
  /** A task that the library has settings for. */
  recipe?: string;
  algorithm?: rl.Recipe["algorithm"];
  settings?: rl.Recipe;
}

/** The tasks of learning.json, with the library's settings where it names a recipe. */
export function learningTasks(): Task[] {
  const rows = JSON.parse(readFileSync(join(__dirname, "../learning.json"), "utf8")) as Row[];
  return rows.map(({ recipe, algorithm, settings, episodes = 100, ...row }) => ({
    ...row,
    episodes,
    settings: settings ?? rl.recipe(recipe!, algorithm),
  }));
}
