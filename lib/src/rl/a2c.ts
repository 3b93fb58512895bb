import { compile } from "../capture";
import { tf } from "../tensorflow";
import { record } from "../train/step";
import type { ActorCritic } from "./actor-critic";
import { Agent, annealed, type AgentOptions, type Annealed, type EnvSource } from "./agent";
import { agentSettings } from "./agent-settings";
import { gradientStep } from "./gradient-step";
import { actionTensor, estimate, explainedVariance, means } from "./policy-batch";
import { Rollout } from "./rollout";

export interface A2cOptions extends AgentOptions {
  /** Steps in each environment between two updates. @default 5 */
  rollout?: number;
  /** Of RMSProp. @default 7e-4 */
  learningRate?: Annealed;
  /** What a reward is worth one step later. @default 0.99 */
  gamma?: number;
  /** How far advantages look beyond one step; 1 as far as the rollout goes. @default 1 */
  lambda?: number;
  /** Weight of the entropy bonus. @default 0 */
  entropy?: number;
  /** Weight of the value loss. @default 0.5 */
  valueLoss?: number;
  /** Length that all gradients together may have. @default 0.5 */
  maxGradient?: number;
}

type A2cSettings = Required<Omit<A2cOptions, keyof AgentOptions>>;

const DEFAULTS: A2cSettings = {
  rollout: 5,
  learningRate: 7e-4,
  gamma: 0.99,
  lambda: 1,
  entropy: 0,
  valueLoss: 0.5,
  maxGradient: 0.5,
};

/** What an update measures, in this order. */
const MEASURES = ["loss", "policyLoss", "valueLoss", "entropy", "gradientNorm"] as const;

/**
 * Advantage actor-critic: short rollouts in several environments, one gradient from each, with a learned value function as
 * the baseline and for what comes after the rollout.
 *
 * Mnih et al.: Asynchronous methods for deep reinforcement learning. ICML 2016, without the asynchrony. It is PPO with one
 * epoch over one batch: Huang et al.: A2C is a special case of PPO. 2022.
 *
 * @throws RangeError, TypeError for options that don't fit
 * @example
 * const agent = rl.a2c("CartPole-v1", { envs: 8 });
 * await agent.learn({ steps: 200_000 });
 */
export function a2c(source: EnvSource, options: A2cOptions = {}): A2c {
  return new A2c(source, options);
}

/** The agent that `a2c` makes. */
export class A2c extends Agent {
  protected readonly optimizers: tf.Optimizer[];
  private readonly rollout: Rollout;
  private readonly settings: A2cSettings;
  private readonly update;
  private recorded = false;

  constructor(source: EnvSource, options: A2cOptions) {
    const settings = agentSettings("a2c()", DEFAULTS, options);
    // Steps 1 to 4 of seven: policy, action space, environment; initial weights.
    super("a2c", source, options);
    this.settings = settings;
    this.rollout = new Rollout(this.envs);
    const rule = tf.train.rmsprop(0, 0.99, 0, 1e-5);
    this.optimizers = [rule];
    const { policy } = this;
    const { maxGradient, entropy, valueLoss } = settings;
    this.update = compile(
      (observations: tf.Tensor2D, actions: tf.Tensor, advantages: tf.Tensor1D, returns: tf.Tensor1D) =>
        gradientStep(policy.variables, rule, maxGradient, () =>
          actorCriticLoss(policy, { observations, actions, advantages, returns }, { entropy, valueLoss }),
        ),
    );
  }

  protected turn(): Record<string, number> {
    const { policy, rollout, settings, update } = this;
    // Step 5: act.
    rollout.collect(policy, this.random, ({ steps }) => steps === settings.rollout, this.record);
    this.steps += rollout.size;
    // Step 6: returns and gradient. Step 7, to repeat it all, is `learn`.
    const values = policy.valuesOf(rollout.observations, rollout.size);
    const estimates = estimate(policy, rollout, values, settings);
    Object.assign(this.optimizers[0], { learningRate: annealed(settings.learningRate, this.left) });
    const row = tf.tidy(() => {
      const batch = [
        tf.tensor2d(rollout.observations, [rollout.size, policy.observationSize]),
        actionTensor(policy, rollout.actions, [rollout.size]),
        tf.tensor1d(estimates.advantages),
        tf.tensor1d(estimates.returns),
      ] as const;
      if (!this.recorded) record(update, ...batch);
      this.recorded = true;
      return update(...batch).dataSync() as Float32Array;
    });
    policy.copyWeights();
    return { ...means([row], MEASURES), explainedVariance: explainedVariance(values, estimates.returns) };
  }

  override dispose(): void {
    this.update.dispose();
    super.dispose();
  }
}

interface ActorCriticBatch {
  /** `[batch, observationSize]`. */
  observations: tf.Tensor2D;
  /** int32 `[batch]`, or `[batch, size]`. */
  actions: tf.Tensor;
  /** `[batch]`. */
  advantages: tf.Tensor1D;
  /** `[batch]`. */
  returns: tf.Tensor1D;
}

/**
 * The loss of an actor and a critic together: `-mean(Â · log π(a|s)) + c_v · mean((V(s) - R)²) - c_H · mean(H)`.
 *
 * Its gradient with respect to the policy is that of PPO's objective where the ratio is 1.
 */
export function actorCriticLoss(
  policy: ActorCritic,
  { observations, actions, advantages, returns }: ActorCriticBatch,
  weights: { entropy: number; valueLoss: number },
): Record<"loss" | "policyLoss" | "valueLoss" | "entropy", tf.Scalar> {
  return tf.tidy(() => {
    const distribution = policy.distribution(observations);
    const policyLoss = tf.neg(tf.mean(tf.mul(distribution.logProbability(actions), advantages))) as tf.Scalar;
    const valueLoss = tf.mean(tf.square(tf.sub(policy.values(observations), returns))) as tf.Scalar;
    const entropy = tf.mean(distribution.entropy()) as tf.Scalar;
    const both = tf.add(policyLoss, tf.mul(valueLoss, weights.valueLoss));
    const loss = tf.sub(both, tf.mul(entropy, weights.entropy)) as tf.Scalar;
    return { loss, policyLoss, valueLoss, entropy };
  });
}
