import { checkNumber } from "../check";
import { checkRows } from "./returns";

/** Steps of several environments side by side, time first: the number of step t of environment e is at `t · envs + e`. */
export interface AdvantageOptions {
  /** `[steps, envs]`. */
  rewards: ArrayLike<number>;
  /** `V(s_t)`, `[steps, envs]`. */
  values: ArrayLike<number>;
  /**
   * `V(s_{t+1})`, `[steps, envs]`: the value of the state that a step led to. 0 where the episode was over; where a time
   * limit cut it off, the value of its last state, and not of the first one of the next episode.
   */
  nextValues: ArrayLike<number>;
  /** 1 where a step was the last of its episode, also by a time limit, `[steps, envs]`. @default no step is */
  ends?: ArrayLike<number>;
  /** What a reward is worth one step later, from 0 to 1. @default 0.99 */
  gamma?: number;
  /** How far to look beyond one step: 0 trusts the values, 1 the rewards alone. @default 0.95 */
  lambda?: number;
  /** Environments side by side. @default 1 */
  envs?: number;
}

export interface Advantages {
  /** How much better than expected each action turned out, `[steps, envs]`. */
  advantages: Float32Array;
  /** What the values should have been, `Â_t + V(s_t)`, `[steps, envs]`. */
  returns: Float32Array;
}

/**
 * Generalised advantage estimation: errors of the value function, summed up with weights that fall,
 *
 * `δ_t = r_t + γ V(s_{t+1}) - V(s_t)`, `Â_t = δ_t + γ λ Â_{t+1}`, and `Â_t = δ_t` at the end of an episode.
 *
 * With λ = 0 it is the error of one step (TD), with λ = 1 the rewards to go less the value (Monte Carlo).
 * Schulman et al.: High-dimensional continuous control using generalized advantage estimation. ICLR 2016.
 *
 * @throws RangeError where lengths don't fit, or gamma or lambda are outside of 0 to 1
 */
export function generalizedAdvantages(options: AdvantageOptions): Advantages {
  const { rewards, values, nextValues, ends, gamma = 0.99, lambda = 0.95, envs = 1 } = options;
  const where = "generalizedAdvantages()";
  checkNumber(where, "gamma", gamma, { min: 0, max: 1 });
  checkNumber(where, "lambda", lambda, { min: 0, max: 1 });
  checkRows(where, rewards.length, envs, { values, nextValues, ends });
  const advantages = new Float32Array(rewards.length);
  const returns = new Float32Array(rewards.length);
  const after = new Float64Array(envs); // Â_{t+1}
  for (let i = rewards.length - 1; i >= 0; i--) {
    const env = i % envs;
    const delta = rewards[i] + gamma * nextValues[i] - values[i];
    after[env] = delta + (ends?.[i] ? 0 : gamma * lambda * after[env]);
    advantages[i] = after[env];
    returns[i] = after[env] + values[i];
  }
  return { advantages, returns };
}
