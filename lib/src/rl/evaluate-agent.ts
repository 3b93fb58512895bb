import { checkInteger, checkNumber, checkOptions, refuse } from "../check";
import { generator } from "../random";
import { clipActions, type Acting } from "./rollout";
import type { VectorEnv } from "./vector-env";

export interface EvaluateAgentOptions {
  /** Whole episodes, shared out evenly among the environments. @default 100 */
  episodes?: number;
  /** Of the episodes and, where actions are drawn, of these. @default 0 */
  seed?: number;
  /** Draw actions from the policy, as while learning, instead of taking the most likely ones. @default false */
  sample?: boolean;
}

export interface AgentEvaluation {
  /** The sum of rewards of each episode. */
  returns: number[];
  lengths: number[];
  mean: number;
  /** Standard deviation of the returns (divided by n - 1). */
  std: number;
}

/**
 * Plays whole episodes and adds up their rewards. Each environment plays as many: were it the first hundred to end, short
 * episodes would count too often.
 *
 * @param policy `agent.policy`, or anything else that acts
 * @param envs environments of their own: they are reset, so not those that an agent is learning in
 * @throws RangeError, TypeError for options that don't fit
 * @example evaluateAgent(agent.policy, rl.vectorEnv("CartPole-v1", { count: 10 })).mean
 */
export function evaluateAgent(policy: Acting, envs: VectorEnv, options: EvaluateAgentOptions = {}): AgentEvaluation {
  checkOptions("evaluateAgent()", options, ["episodes", "seed", "sample"]);
  const { episodes = 100, seed = 0, sample = false } = options;
  checkInteger("evaluateAgent()", "episodes", episodes, { min: 1 });
  const random = sample ? generator(seed).split("evaluation") : undefined;
  const actions = new Float32Array(envs.count * envs.actionSize);
  const left = Array.from({ length: envs.count }, (_, i) => Math.floor((episodes + envs.count - 1 - i) / envs.count));
  const returns: number[] = [];
  const lengths: number[] = [];
  envs.reset({ seed });
  while (returns.length < episodes) {
    policy.act(envs.observations, envs.count, actions, random);
    clipActions(envs, actions);
    envs.step(actions);
    for (const episode of envs.episodes) {
      if (left[episode.env]-- <= 0) continue;
      returns.push(episode.return);
      lengths.push(episode.length);
    }
  }
  const mean = returns.reduce((sum, value) => sum + value, 0) / episodes;
  const squares = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { returns, lengths, mean, std: Math.sqrt(squares / Math.max(1, episodes - 1)) };
}

/**
 * The mean of the middle half: a quarter of the numbers, the smallest, are left out, and a quarter, the largest. Numbers at
 * the border count in part, so that it is defined for any count.
 *
 * Agarwal et al.: Deep reinforcement learning at the edge of the statistical precipice. NeurIPS 2021.
 *
 * @throws RangeError where there are no numbers
 */
export function interquartileMean(values: ArrayLike<number>): number {
  if (values.length === 0) refuse("interquartileMean()", "values", "at least one number", values);
  const sorted = Float64Array.from(values).sort();
  const cut = sorted.length / 4;
  let sum = 0;
  sorted.forEach((value, i) => {
    // How much of the stretch from i to i + 1 lies between the quartiles.
    sum += value * Math.max(0, Math.min(i + 1, sorted.length - cut) - Math.max(i, cut));
  });
  return sum / (sorted.length - 2 * cut);
}

export interface BootstrapOptions {
  /** What is computed of the runs. @default interquartileMean */
  statistic?: (values: Float64Array) => number;
  /** Share of the resampled statistics within the interval. @default 0.95 */
  confidence?: number;
  /** @default 2000 */
  resamples?: number;
  /** @default 0 */
  seed?: number;
}

/**
 * How far a statistic of a few runs may be off: it is computed again and again of as many runs drawn with replacement, and
 * the middle of what comes out is the interval. Efron: Bootstrap methods: another look at the jackknife. 1979.
 *
 * @param runs one number a seed
 * @returns `[low, high]`
 */
export function bootstrapInterval(runs: ArrayLike<number>, options: BootstrapOptions = {}): [number, number] {
  const where = "bootstrapInterval()";
  checkOptions(where, options, ["statistic", "confidence", "resamples", "seed"]);
  const { statistic = interquartileMean, confidence = 0.95, resamples = 2000, seed = 0 } = options;
  if (runs.length === 0) refuse(where, "runs", "at least one number", runs);
  checkNumber(where, "confidence", confidence, { min: 0, max: 1 });
  checkInteger(where, "resamples", resamples, { min: 1 });
  const random = generator(seed).split("bootstrap");
  const drawn = new Float64Array(runs.length);
  const statistics = Float64Array.from({ length: resamples }, () => {
    for (let i = 0; i < drawn.length; i++) drawn[i] = runs[random.integer(0, runs.length)];
    return statistic(drawn);
  }).sort();
  const at = (share: number) => statistics[Math.min(resamples - 1, Math.floor(share * resamples))];
  return [at((1 - confidence) / 2), at((1 + confidence) / 2)];
}
