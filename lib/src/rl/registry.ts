import { checkOneOf, refuse } from "../check";
import type { Env, EnvSpec } from "./env";
import { Acrobot } from "./envs/acrobot";
import { armedBandit } from "./envs/bandit";
import { CartPole } from "./envs/cart-pole";
import { gridWorld, lakes } from "./envs/grid-world";
import { HalfCheetah } from "./envs/half-cheetah";
import { Hopper } from "./envs/hopper";
import { identity } from "./envs/identity";
import { InvertedPendulum } from "./envs/inverted-pendulum";
import { MountainCar } from "./envs/mountain-car";
import { MountainCarContinuous } from "./envs/mountain-car-continuous";
import { Pendulum } from "./envs/pendulum";
import { probe } from "./envs/probes";
import { Swimmer } from "./envs/swimmer";
import { timeLimit } from "./time-limit";

/** An environment by name: how to make it, and how long its episodes are at most. */
export interface EnvEntry extends EnvSpec {
  /** Makes it, without its time limit. */
  readonly create: () => Env;
}

const entries = new Map<string, EnvEntry>();

const lake = (size: keyof typeof lakes) => gridWorld({ map: lakes[size], success: 1 / 3 });

const builtIn: EnvEntry[] = [
  { id: "Bandit-v0", create: () => armedBandit() },
  { id: "Identity-v0", create: () => identity(), rewardThreshold: 90 },
  { id: "ConstantReward-v0", create: () => probe("constant reward") },
  { id: "ObservationReward-v0", create: () => probe("reward from observation") },
  { id: "DelayedReward-v0", create: () => probe("delayed reward") },
  { id: "ActionReward-v0", create: () => probe("reward from action") },
  { id: "ObservationActionReward-v0", create: () => probe("reward from both") },
  { id: "FrozenLake-v1", create: () => lake("4x4"), maxEpisodeSteps: 100, rewardThreshold: 0.7 },
  { id: "FrozenLake8x8-v1", create: () => lake("8x8"), maxEpisodeSteps: 200, rewardThreshold: 0.85 },
  { id: "CartPole-v1", create: () => new CartPole(), maxEpisodeSteps: 500, rewardThreshold: 475 },
  { id: "MountainCar-v0", create: () => new MountainCar(), maxEpisodeSteps: 200, rewardThreshold: -110 },
  {
    ...{ id: "MountainCarContinuous-v0", create: () => new MountainCarContinuous() },
    ...{ maxEpisodeSteps: 999, rewardThreshold: 90 },
  },
  { id: "Pendulum-v1", create: () => new Pendulum(), maxEpisodeSteps: 200 },
  { id: "Acrobot-v1", create: () => new Acrobot(), maxEpisodeSteps: 500, rewardThreshold: -100 },
  { id: "InvertedPendulum-v5", create: () => new InvertedPendulum(), maxEpisodeSteps: 1000, rewardThreshold: 950 },
  { id: "Swimmer-v5", create: () => new Swimmer(), maxEpisodeSteps: 1000, rewardThreshold: 360 },
  { id: "Hopper-v5", create: () => new Hopper(), maxEpisodeSteps: 1000, rewardThreshold: 3800 },
  { id: "HalfCheetah-v5", create: () => new HalfCheetah(), maxEpisodeSteps: 1000, rewardThreshold: 4800 },
];
builtIn.forEach(register);

/** Adds an environment of one's own to those that `make` knows. @throws RangeError where the name is taken */
export function register(entry: EnvEntry): void {
  if (entries.has(entry.id)) {
    refuse("register()", "id", "a new name", entry.id, { remedy: "count up the version, such as -v2." });
  }
  entries.set(entry.id, entry);
}

/** The names that `make` knows. */
export const envIds = (): string[] => [...entries.keys()];

/** What is known of an environment, without making it. @throws RangeError that lists them all */
export function specOf(id: string): EnvSpec {
  const { maxEpisodeSteps, rewardThreshold } = find("specOf()", id);
  return { id, maxEpisodeSteps, rewardThreshold };
}

/**
 * Makes an environment by its name, with the time limit that belongs to it, as Gymnasium's `make` does.
 *
 * @example const env = rl.make("CartPole-v1"); // 500 steps at most
 * @throws RangeError for an unknown name: it lists the known ones
 */
export function make(id: string): Env {
  const { create, maxEpisodeSteps } = find("make()", id);
  const bare = create();
  const env = maxEpisodeSteps === undefined ? bare : timeLimit(bare, maxEpisodeSteps);
  env.spec = specOf(id);
  return env;
}

function find(where: string, id: string): EnvEntry {
  checkOneOf(where, "id", id, envIds());
  return entries.get(id) as EnvEntry;
}
