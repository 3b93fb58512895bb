import { compile } from "../capture";
import type { Compiled, Stacked } from "../capture/compile";
import { joinUpdates } from "../kernels";
import { tf } from "../tensorflow";
import { record } from "../train/step";
import type { ActorCritic } from "./actor-critic";
import type { Advantages } from "./gae";
import { gradientStep } from "./gradient-step";
import { actionTensor } from "./policy-batch";
import { PPO_PARTS, ppoLoss, type PolicyBatch, type PpoLossOptions } from "./ppo-loss";

/** Steps to learn from, in plain numbers, a row a step. */
export interface LearnedSteps extends Advantages {
  size: number;
  /** `[size, observationSize]`, flat. */
  observations: Float32Array;
  /** `[size, actionSize]`, flat, as the policy gave them. */
  actions: Float32Array;
  /** `log π_old(a|s)`, `[size]`. */
  logProbabilities: Float32Array;
  /** `V_old(s)`, `[size]`. */
  values: Float32Array;
}

export interface PpoUpdateOptions extends Omit<PpoLossOptions, "clip"> {
  /** Steps of one gradient. */
  batchSize: number;
  /** Length that all gradients together may have. */
  maxGradient: number;
  /** Compile with XLA. */
  xla: boolean;
}

/** What each minibatch measures: the parts of the loss, and the gradients' length before clipping. */
export const PPO_MEASURES = [...PPO_PARTS, "gradientNorm"] as const;

/** Many minibatches of PPO in one call of TensorFlow: a loop around the compiled step. */
export class PpoUpdate {
  private readonly step: Compiled<(batch: PolicyBatch, clip: tf.Scalar) => tf.Tensor1D>;
  private recorded = false;

  constructor(
    private readonly policy: ActorCritic,
    private readonly optimizer: tf.Optimizer,
    private readonly options: PpoUpdateOptions,
  ) {
    const { maxGradient, xla, entropy, valueLoss, clipValues, normalizeAdvantages } = options;
    const { variables } = policy;
    if (!xla) joinUpdates(optimizer);
    const loss = { entropy, valueLoss, clipValues, normalizeAdvantages };
    this.step = compile(
      (batch: PolicyBatch, clip: tf.Scalar) =>
        gradientStep(variables, optimizer, maxGradient, () => ppoLoss(policy, batch, { ...loss, clip })),
      { xla },
    );
  }

  /**
   * Learns from steps in the orders given, one after another, each cut into minibatches.
   *
   * @param orders for each epoch all places from 0 to size - 1
   * @returns for each minibatch the measures named in `PPO_MEASURES`
   */
  run(steps: LearnedSteps, orders: readonly Int32Array[], learningRate: number, clip: number): Float32Array[] {
    Object.assign(this.optimizer, { learningRate });
    const measures = tf.tidy(() => {
      const count = (orders.length * steps.size) / this.options.batchSize;
      const batches = this.stack(steps, orders, count);
      const clips = tf.fill([count], clip);
      if (!this.recorded) {
        const first = Object.entries(batches).map(([name, tensor]) => [name, tf.gather(tensor as tf.Tensor, 0)]);
        record(this.step, Object.fromEntries(first) as unknown as PolicyBatch, tf.gather(clips, 0) as tf.Scalar);
        this.recorded = true;
      }
      return this.step.scan(batches, clips).dataSync() as Float32Array;
    });
    const each = PPO_MEASURES.length;
    return Array.from({ length: measures.length / each }, (_, i) => measures.subarray(i * each, (i + 1) * each));
  }

  /** The steps in their new order as tensors `[count, batchSize, …]`. */
  private stack(steps: LearnedSteps, orders: readonly Int32Array[], count: number): Stacked<PolicyBatch> {
    const { observationSize, actionSize } = this.policy;
    const lead = [count, this.options.batchSize];
    const one = (values: Float32Array) => tf.tensor(reorder(values, orders, 1), lead);
    const observations = reorder(steps.observations, orders, observationSize);
    return {
      observations: tf.tensor(observations, [...lead, observationSize]),
      actions: actionTensor(this.policy, reorder(steps.actions, orders, actionSize), lead),
      logProbabilities: one(steps.logProbabilities),
      advantages: one(steps.advantages),
      returns: one(steps.returns),
      values: one(steps.values),
    };
  }

  /** Frees what was recorded. */
  dispose(): void {
    this.step.dispose();
  }
}

function reorder(values: Float32Array, orders: readonly Int32Array[], each: number): Float32Array {
  const picked = new Float32Array(orders.length * values.length);
  let at = 0;
  for (const order of orders) {
    for (let i = 0; i < order.length; i++) {
      const row = order[i] * each;
      for (let k = 0; k < each; k++) picked[at++] = values[row + k];
    }
  }
  return picked;
}
