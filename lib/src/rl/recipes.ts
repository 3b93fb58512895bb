import { checkOneOf, checkOptions } from "../check";
import type { Agent } from "./agent";
import { normalize } from "./normalize";
import { ppo, type PpoOptions } from "./ppo";
import { reinforce, type ReinforceOptions } from "./reinforce";
import { vectorEnv } from "./vector-env";

interface RecipeFor<Algorithm extends string, Options> {
  /** A name that `make` knows. */
  readonly env: string;
  readonly algorithm: Algorithm;
  /** Steps in all environments together. */
  readonly steps: number;
  readonly options: Readonly<Options>;
  /** Options that fall to 0 along a straight line. @default none */
  readonly anneal?: readonly (keyof Options)[];
  /** Observations and rewards are normalised as they come. @default false */
  readonly normalize?: boolean;
  /** Where the settings come from, and what was changed. */
  readonly note: string;
}

/** Settings that are known to learn a task, as plain data. */
export type Recipe = RecipeFor<"ppo", PpoOptions> | RecipeFor<"reinforce", ReinforceOptions>;

const XLA = { xla: true };
/** Of rl-baselines3-zoo for Pendulum, in batches of 256; what a task changes stands with it. */
const FOUR = { envs: 4, rollout: 1024, batchSize: 256, epochs: 10, lambda: 0.95, learningRate: 0.001 };
/** Of CleanRL for MuJoCo, in batches of 256; the learning rate grew with the batch. */
const body = (env: string, steps: number, learningRate: number, seeds: string): Recipe => ({
  ...{ env, algorithm: "ppo", steps, normalize: true, anneal: ["learningRate"] },
  options: { rollout: 2048, batchSize: 256, epochs: 10, gamma: 0.99, lambda: 0.95, learningRate, ...XLA },
  note: `CleanRL in batches of 256, rate ${learningRate}, by ${seeds}`,
});

/**
 * What the agents that come with nablab were trained with, and what `tests/bench/learning.md` judges with five seeds each.
 *
 * From Raffin: RL Baselines3 Zoo, 2020, and Huang et al.: CleanRL, JMLR 2022; changes were tried on other seeds than those
 * that are judged.
 */
export const RECIPES: readonly Recipe[] = [
  {
    ...{ env: "CartPole-v1", algorithm: "ppo", steps: 100_000, anneal: ["learningRate", "clip"] },
    options: {
      ...{ envs: 8, rollout: 32, batchSize: 256, epochs: 20, gamma: 0.98, lambda: 0.8 },
      ...{ learningRate: 0.001, clip: 0.2 },
    },
    note: "rl-baselines3-zoo",
  },
  {
    ...{ env: "CartPole-v1", algorithm: "reinforce", steps: 200_000, anneal: ["learningRate"] },
    options: { learningRate: 0.005 },
    note: "with baseline, our defaults but for the rate, which falls, by seeds 10 to 14",
  },
  {
    ...{ env: "Pendulum-v1", algorithm: "ppo", steps: 200_000, anneal: ["learningRate"] },
    options: { ...FOUR, gamma: 0.95, learningRate: 0.002 },
    note: "rl-baselines3-zoo in batches of 256 with plain noise; gamma 0.95 for 0.9 and rate 0.002 falling, by seeds 10, 12, 14",
  },
  {
    ...{ env: "MountainCarContinuous-v0", algorithm: "ppo", steps: 100_000, normalize: true },
    options: { ...FOUR, gamma: 0.999, logStd: 1, ...XLA },
    note: "rl-baselines3-zoo for Pendulum, with louder noise and a longer view, by seeds 10 to 14",
  },
  {
    ...{ env: "Acrobot-v1", algorithm: "ppo", steps: 200_000, normalize: true },
    options: {
      ...{ envs: 16, rollout: 256, batchSize: 256, epochs: 4, gamma: 0.99, lambda: 0.94 },
      ...{ learningRate: 3e-4, ...XLA },
    },
    note: "rl-baselines3-zoo in batches of 256",
  },
  body("InvertedPendulum-v5", 200_000, 0.001, "seed 10"),
  {
    ...{ env: "Swimmer-v5", algorithm: "ppo", steps: 300_000, normalize: true },
    options: {
      ...{ envs: 4, rollout: 1024, batchSize: 256, epochs: 10, gamma: 0.9999, lambda: 0.98 },
      ...{ learningRate: 6e-4, ...XLA },
    },
    note: "rl-baselines3-zoo",
  },
  // At a rate of 0.001 some seeds learn to stand still and stop trying; at CleanRL's 0.0003 some still fall at the end.
  body("Hopper-v5", 1_000_000, 0.0006, "seeds 10 to 14"),
  body("HalfCheetah-v5", 1_000_000, 0.001, "seed 10"),
];

/**
 * The settings for a task.
 *
 * @example await rl.learner("Hopper-v5", { seed: 1 }).learn({ steps: rl.recipe("Hopper-v5").steps });
 * @throws RangeError where there are none: it lists the tasks
 */
export function recipe(env: string, algorithm: Recipe["algorithm"] = "ppo"): Recipe {
  const there = RECIPES.filter((row) => row.algorithm === algorithm);
  checkOneOf(
    "recipe()",
    "env",
    env,
    there.map((row) => row.env),
  );
  return there.find((row) => row.env === env)!;
}

export interface LearnerOptions {
  /** Of everything random. @default 0 */
  seed?: number | string;
}

/**
 * An agent by a recipe, with its environments around it, ready to learn; close `agent.envs` after it.
 *
 * @param settings a recipe, or a task that `recipe` knows
 * @throws RangeError for an unknown task, and what the algorithm throws
 */
export function learner(settings: Recipe | string, options: LearnerOptions = {}): Agent {
  checkOptions("learner()", options, ["seed"]);
  const row = typeof settings === "string" ? recipe(settings) : settings;
  const { envs: count = 1, ...rest } = row.options;
  const bare = vectorEnv(row.env, { count });
  const envs = row.normalize ? normalize(bare, { gamma: row.options.gamma }) : bare;
  const falling = Object.fromEntries(
    (row.anneal ?? []).map((name) => {
      const whole = (row.options as Record<string, number>)[name];
      return [name, (left: number) => whole * left];
    }),
  );
  const all = { ...rest, ...falling, ...options };
  return row.algorithm === "ppo" ? ppo(envs, all) : reinforce(envs, all);
}
