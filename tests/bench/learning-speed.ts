/**
 * How many steps a second PPO learns from, end to end, beside Stable-Baselines3 with the same settings. Both take turns,
 * each time in a process of their own with one thread for tensors. Prints as JSON what learning-section.ts makes a table of.
 *
 *   node tests/bench/dist/learning-speed.js --python PYTHON --tasks cartpole-ppo,pendulum-ppo --rounds 7
 *
 * `npm run bench` starts it; `--steps 512` shortens the runs, to see whether all is there.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { SPEED_GOALS, type LearningSpeed, type Rates, type Round } from "./learning-section";
import { learningTasks } from "./learning-task";

const ONE_THREAD = { TF_NUM_INTRAOP_THREADS: "1", TF_NUM_INTEROP_THREADS: "1", OMP_NUM_THREADS: "1" };

/** What a program says of a run; no episodes are played after it. */
function run(program: string, script: string, recipe: string, seed: number): Rates {
  const said = execFileSync(program, [script, recipe, String(seed), "0"], {
    encoding: "utf8",
    env: { ...process.env, ...ONE_THREAD },
    stdio: ["ignore", "pipe", "pipe"],
  });
  // Whatever else it prints is no answer.
  const { rate, cpuRate } = JSON.parse(said.trim().split("\n").pop()!) as Rates;
  return { rate, cpuRate };
}

const { values } = parseArgs({
  options: {
    python: { type: "string" },
    tasks: { type: "string", default: Object.keys(SPEED_GOALS).join() },
    rounds: { type: "string", default: "7" },
    steps: { type: "string" },
  },
});
const { python, tasks, rounds } = values;
if (!python)
  throw new Error("learning-speed wants --python, the interpreter that has Stable-Baselines3; npm run bench names it");

const contenders: Record<keyof Round, [program: string, script: string]> = {
  nablab: [process.execPath, join(__dirname, "learning-contender.js")],
  sb3: [python, join(__dirname, "../peers/sb3_peer.py")],
};
const speeds = learningTasks()
  .filter(({ id }) => tasks.split(",").includes(id))
  .map(({ id, settings }): LearningSpeed => {
    const steps = Number(values.steps ?? settings.steps);
    const recipe = JSON.stringify({ ...settings, steps });
    const made = Array.from({ length: Number(rounds) }, (_, seed) => {
      process.stderr.write(`\r${id}: round ${seed + 1} of ${rounds}\u001b[K`);
      const { nablab, sb3 } = contenders;
      return { nablab: run(...nablab, recipe, seed), sb3: run(...sb3, recipe, seed) };
    });
    return { id, steps, rounds: made };
  });
console.log(JSON.stringify(speeds));
