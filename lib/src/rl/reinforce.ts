import { compile } from "../capture";
import { refuse } from "../check";
import { tf } from "../tensorflow";
import { record } from "../train/step";
import { Agent, annealed, type AgentOptions, type Annealed, type EnvSource } from "./agent";
import { agentSettings } from "./agent-settings";
import { gradientStep } from "./gradient-step";
import { actionTensor, explainedVariance, means } from "./policy-batch";
import { rewardsToGo, standardize } from "./returns";
import { Rollout } from "./rollout";

export interface ReinforceOptions extends AgentOptions {
  /** Act until an episode ends after so many steps, then learn: updates are made of whole episodes. @default 1000 */
  rollout?: number;
  /** Of the policy's Adam. @default 0.005 */
  learningRate?: Annealed;
  /** What a reward is worth one step later. @default 0.99 */
  gamma?: number;
  /** Compare the rewards to go with a learned value of the state, instead of with nothing. @default true */
  baseline?: boolean;
  /** Of the baseline's Adam. @default 0.005 */
  baselineRate?: number;
  /** Steps of the baseline's regression in each turn. @default 20 */
  baselineSteps?: number;
  /** Move what is left after the baseline to mean 0 and standard deviation 1. @default true */
  normalize?: boolean;
  /** Weight of the entropy bonus. @default 0 */
  entropy?: number;
  /** Length that the gradients may have. @default Infinity */
  maxGradient?: number;
}

type ReinforceSettings = Required<Omit<ReinforceOptions, keyof AgentOptions>>;

const DEFAULTS: ReinforceSettings = {
  rollout: 1000,
  learningRate: 0.005,
  gamma: 0.99,
  baseline: true,
  baselineRate: 0.005,
  baselineSteps: 20,
  normalize: true,
  entropy: 0,
  maxGradient: Infinity,
};

const MEASURES = ["loss", "entropy", "gradientNorm"] as const;
/** Updates have a multiple of as many rows, the last ones without weight: episodes of all lengths share a few recordings. */
const ROWS = 512;

/**
 * REINFORCE, the policy gradient as it is: play whole episodes, then make each action more likely in proportion to how
 * much more reward followed it than the baseline expected, `∇J ≈ mean((G_t - b(s_t)) ∇ log π(a_t|s_t))`.
 *
 * Williams: Simple statistical gradient-following algorithms for connectionist reinforcement learning. 1992. An episode
 * that a time limit cuts off counts on with the baseline's value of its last state.
 *
 * @throws RangeError, TypeError for options that don't fit, and for more than one environment
 * @example
 * const agent = rl.reinforce("CartPole-v1", { baseline: true });
 * await agent.learn({ steps: 200_000 });
 */
export function reinforce(source: EnvSource, options: ReinforceOptions = {}): Reinforce {
  return new Reinforce(source, options);
}

/** The agent that `reinforce` makes. */
export class Reinforce extends Agent {
  protected readonly optimizers: tf.Optimizer[];
  private readonly rollout: Rollout;
  private readonly settings: ReinforceSettings;
  private readonly update;
  private readonly regress;
  private readonly recorded = new Set<number>();

  constructor(source: EnvSource, options: ReinforceOptions) {
    const settings = agentSettings("reinforce()", DEFAULTS, options);
    // Steps 1 to 4 of seven: policy, action space, environment; initial weights.
    super("reinforce", source, options, ({ count }) => {
      if (count === 1) return;
      const remedy = "of several side by side the short episodes would end first, and count too often.";
      refuse("reinforce()", "envs", "1", count, { remedy });
    });
    const { policy } = this;
    this.settings = settings;
    this.rollout = new Rollout(this.envs);
    const { entropy: bonus, maxGradient, baselineRate } = this.settings;
    const [rule, baselineRule] = [tf.train.adam(0), tf.train.adam(baselineRate)];
    this.optimizers = [rule, baselineRule];
    this.update = compile((observations: tf.Tensor2D, actions: tf.Tensor, gains: tf.Tensor1D, weights: tf.Tensor1D) =>
      gradientStep(policy.actorVariables, rule, maxGradient, () => {
        const distribution = policy.distribution(observations);
        const mean = (values: tf.Tensor) => tf.div(tf.sum(tf.mul(values, weights)), tf.sum(weights)) as tf.Scalar;
        const entropy = mean(distribution.entropy());
        const gain = mean(tf.mul(distribution.logProbability(actions), gains));
        return { loss: tf.neg(tf.add(gain, tf.mul(entropy, bonus))) as tf.Scalar, entropy };
      }),
    );
    this.regress = compile((observations: tf.Tensor2D, returns: tf.Tensor1D, weights: tf.Tensor1D) =>
      gradientStep(policy.criticVariables, baselineRule, Infinity, () => {
        const squares = tf.square(tf.sub(policy.values(observations), returns));
        return { loss: tf.div(tf.sum(tf.mul(squares, weights)), tf.sum(weights)) as tf.Scalar };
      }),
    );
  }

  protected turn(): Record<string, number> {
    const { policy, rollout, settings } = this;
    const { baseline, gamma, normalize } = settings;
    // Step 5: act, through whole episodes.
    rollout.collect(policy, this.random, enough(settings.rollout), this.record);
    this.steps += rollout.size;
    // Step 6: returns and gradient. Step 7, to repeat it all, is `learn`.
    const valuesOf = (seen: Float32Array, count: number) =>
      baseline ? policy.valuesOf(seen, count) : new Float32Array(count);
    const values = valuesOf(rollout.observations, rollout.size);
    const { rewards, ends } = rollout;
    const returns = rewardsToGo({ rewards, ends, gamma, nextValues: rollout.nextValues(values, valuesOf) });
    const gains = returns.map((sum, i) => sum - values[i]);
    const measured = this.learnFrom(normalize ? standardize(gains) : gains, returns);
    policy.copyWeights();
    return baseline ? { ...measured, explainedVariance: explainedVariance(values, returns) } : measured;
  }

  private learnFrom(gains: Float32Array, returns: Float32Array): Record<string, number> {
    const { policy, rollout, settings, update, regress, optimizers } = this;
    Object.assign(optimizers[0], { learningRate: annealed(settings.learningRate, this.left) });
    const rows = Math.ceil(rollout.size / ROWS) * ROWS;
    return tf.tidy(() => {
      const observations = tf.tensor2d(padded(rollout.observations, rows * policy.observationSize), [
        rows,
        policy.observationSize,
      ]);
      const actions = actionTensor(policy, padded(rollout.actions, rows * policy.actionSize), [rows]);
      const one = (values: Float32Array) => tf.tensor1d(padded(values, rows));
      const weights = one(new Float32Array(rollout.size).fill(1));
      const step = [observations, actions, one(gains), weights] as const;
      const fitting = [observations, one(returns), weights] as const;
      if (!this.recorded.has(rows)) {
        record(update, ...step);
        if (settings.baseline) record(regress, ...fitting);
        this.recorded.add(rows);
      }
      const measured = means([update(...step).dataSync() as Float32Array], MEASURES);
      if (!settings.baseline) return measured;
      const steps = Array.from({ length: settings.baselineSteps }, () => regress(...fitting));
      return { ...measured, baselineLoss: steps[steps.length - 1].dataSync()[0] };
    }) as Record<string, number>;
  }

  override dispose(): void {
    this.update.dispose();
    this.regress.dispose();
    super.dispose();
  }
}

/** So many steps, and the last one ended its episode. */
const enough = (steps: number) => (rollout: Rollout) => rollout.size >= steps && rollout.ends[rollout.size - 1] === 1;

function padded(values: Float32Array, length: number): Float32Array {
  const longer = new Float32Array(length);
  longer.set(values);
  return longer;
}
