import { checkNumber, refuse } from "../check";

/** Steps of several environments side by side, time first: the number of step t of environment e is at `t · envs + e`. */
export interface ReturnsOptions {
  /** `[steps, envs]`. */
  rewards: ArrayLike<number>;
  /** 1 where a step was the last of its episode, `[steps, envs]`. @default no step is */
  ends?: ArrayLike<number>;
  /** What a reward is worth one step later, from 0 to 1. @default 1 */
  gamma?: number;
  /** Environments side by side. @default 1 */
  envs?: number;
  /**
   * The value of the state after a step where the rewards break off though the world goes on, `[steps, envs]`: after an
   * episode that a time limit ended, and after the last step. Elsewhere it is ignored. @default 0
   */
  nextValues?: ArrayLike<number>;
}

/**
 * Rewards to go: what was collected from each step on, `G_t = r_t + γ G_{t+1}`, and `G_T = r_T + γ V` at an end.
 *
 * @returns `[steps, envs]`
 * @throws RangeError where lengths don't fit, or gamma is outside of 0 to 1
 * @example rewardsToGo({ rewards: [1, 1, 1], gamma: 0.5 }) // [1.75, 1.5, 1]
 */
export function rewardsToGo({ rewards, ends, gamma = 1, envs = 1, nextValues }: ReturnsOptions): Float32Array {
  checkNumber("rewardsToGo()", "gamma", gamma, { min: 0, max: 1 });
  checkRows("rewardsToGo()", rewards.length, envs, { ends, nextValues });
  const returns = new Float32Array(rewards.length);
  // Summed in float64: a sum of a thousand float32 numbers would lose three digits.
  const after = new Float64Array(envs);
  for (let i = rewards.length - 1; i >= 0; i--) {
    const env = i % envs;
    const breaksOff = ends?.[i] || i >= rewards.length - envs;
    const next = breaksOff ? (nextValues?.[i] ?? 0) : after[env];
    returns[i] = after[env] = rewards[i] + gamma * next;
  }
  return returns;
}

/**
 * Moves numbers to mean 0 and standard deviation 1: `(x - mean) / (std + 1e-8)`, with the standard deviation of a sample
 * (divided by n - 1).
 *
 * @returns new numbers; one alone becomes 0
 */
export function standardize(values: ArrayLike<number>): Float32Array {
  const count = values.length;
  let mean = 0;
  for (let i = 0; i < count; i++) mean += values[i] / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (values[i] - mean) ** 2;
  const std = count > 1 ? Math.sqrt(squares / (count - 1)) : 0;
  return Float32Array.from(values, (value) => (value - mean) / (std + 1e-8));
}

/** Accepts rows of numbers of the same length, a multiple of `envs`. @throws RangeError */
export function checkRows(
  where: string,
  length: number,
  envs: number,
  others: Record<string, ArrayLike<number> | undefined>,
): void {
  if (!Number.isInteger(envs) || envs < 1 || length % envs > 0) {
    refuse(where, "envs", `an integer that divides the ${length} rewards`, envs);
  }
  for (const [name, values] of Object.entries(others)) {
    if (values && values.length !== length) refuse(where, name, `${length} numbers, as many as rewards`, values);
  }
}
