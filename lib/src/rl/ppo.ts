import { checkInteger, refuse } from "../check";
import { tf } from "../tensorflow";
import { Agent, annealed, type AgentOptions, type Annealed, type EnvSource } from "./agent";
import { agentSettings } from "./agent-settings";
import { Assessor, estimate, explainedVariance, means } from "./policy-batch";
import { PPO_MEASURES, PpoUpdate } from "./ppo-update";
import { Rollout } from "./rollout";

export interface PpoOptions extends AgentOptions {
  /** Steps in each environment between two updates. @default 2048 */
  rollout?: number;
  /** Steps of one gradient; has to divide `rollout · envs`. @default 64 */
  batchSize?: number;
  /** How often each step is learned from. @default 10 */
  epochs?: number;
  /** Of Adam. @default 3e-4 */
  learningRate?: Annealed;
  /** What a reward is worth one step later. @default 0.99 */
  gamma?: number;
  /** How far advantages look beyond one step. @default 0.95 */
  lambda?: number;
  /** How far the ratio may move from 1. @default 0.2 */
  clip?: Annealed;
  /** How far values may move in one turn. @default Infinity, for it was found to do no good */
  clipValues?: number;
  /** Weight of the entropy bonus. @default 0 */
  entropy?: number;
  /** Weight of the value loss. @default 0.5 */
  valueLoss?: number;
  /** Length that all gradients together may have. @default 0.5 */
  maxGradient?: number;
  /** Advantages of each minibatch to mean 0 and standard deviation 1. @default true */
  normalizeAdvantages?: boolean;
  /** Ends the epochs of a turn early where the policy has moved further: an epoch's mean `approxKl` above 1.5 times it. */
  targetKl?: number;
  /** Compile updates with XLA: pays off from some 10,000 minibatches on, for it takes seconds at the start. @default false */
  xla?: boolean;
}

/** Those of Stable-Baselines3. */
const DEFAULTS: PpoSettings = {
  rollout: 2048,
  batchSize: 64,
  epochs: 10,
  learningRate: 3e-4,
  gamma: 0.99,
  lambda: 0.95,
  clip: 0.2,
  clipValues: Infinity,
  entropy: 0,
  valueLoss: 0.5,
  maxGradient: 0.5,
  normalizeAdvantages: true,
  targetKl: undefined,
  xla: false,
};

type PpoSettings = Required<Omit<PpoOptions, keyof AgentOptions | "targetKl">> & { targetKl: number | undefined };

/**
 * Proximal policy optimisation: learns from each rollout several times, but lets the policy move only a little.
 *
 * Defaults are those of Stable-Baselines3. Schulman et al.: Proximal policy optimization algorithms. 2017; the details that
 * matter: Huang et al.: The 37 implementation details of proximal policy optimization. ICLR blog track, 2022; values after
 * a time limit: Pardo et al.: Time limits in reinforcement learning. ICML 2018.
 *
 * @throws RangeError, TypeError for options that don't fit
 * @example
 * const agent = rl.ppo("CartPole-v1", { envs: 8, rollout: 32, batchSize: 256, epochs: 20 });
 * await agent.learn({ steps: 100_000 });
 */
export function ppo(source: EnvSource, options: PpoOptions = {}): Ppo {
  return new Ppo(source, options);
}

/** The agent that `ppo` makes. */
export class Ppo extends Agent {
  protected readonly optimizers: tf.Optimizer[];
  private readonly rollout: Rollout;
  private readonly settings: PpoSettings;
  private readonly assessor: Assessor;
  private readonly update: PpoUpdate;

  constructor(source: EnvSource, options: PpoOptions) {
    const settings = agentSettings("ppo()", DEFAULTS, options);
    // Steps 1 to 4 of seven: policy, action space, environment; initial weights.
    super("ppo", source, options, ({ count }) => {
      const size = settings.rollout * count;
      checkInteger("ppo()", "batchSize", settings.batchSize, { min: 1, max: size });
      if (size % settings.batchSize === 0) return;
      refuse(
        "ppo()",
        "batchSize",
        `a divisor of the ${settings.rollout} · ${count} steps of a rollout`,
        settings.batchSize,
      );
    });
    this.settings = settings;
    this.rollout = new Rollout(this.envs);
    const adam = tf.train.adam(0, 0.9, 0.999, 1e-5);
    this.optimizers = [adam];
    this.assessor = new Assessor(this.policy);
    this.update = new PpoUpdate(this.policy, adam, this.settings);
  }

  protected turn(): Record<string, number> {
    const { policy, rollout, settings } = this;
    const { epochs, targetKl } = settings;
    // Step 5: act.
    rollout.collect(policy, this.random, ({ steps }) => steps === settings.rollout, this.record);
    this.steps += rollout.size;
    // Step 6, first half: returns, and by how much they were better than expected.
    const assessed = this.assessor.assess(rollout);
    const { values } = assessed;
    const estimates = estimate(policy, rollout, values, settings);
    // Step 6, second half: gradients. Step 7, to repeat it all, is `learn`.
    const { size, observations, actions } = rollout;
    const learned = { size, observations, actions, ...assessed, ...estimates };
    const each = targetKl === undefined ? epochs : 1; // epochs in one call
    const measured: Float32Array[] = [];
    for (let epoch = 0; epoch < epochs; epoch += each) {
      const orders = Array.from({ length: each }, () => this.order.permutation(size));
      const [rate, clip] = [settings.learningRate, settings.clip].map((value) => annealed(value, this.left));
      const rows = this.update.run(learned, orders, rate, clip);
      measured.push(...rows);
      if (targetKl !== undefined && means(rows, PPO_MEASURES).approxKl > 1.5 * targetKl) break;
    }
    policy.copyWeights();
    return {
      ...means(measured, PPO_MEASURES),
      explainedVariance: explainedVariance(values, estimates.returns),
    };
  }

  override dispose(): void {
    this.assessor.dispose();
    this.update.dispose();
    super.dispose();
  }
}
