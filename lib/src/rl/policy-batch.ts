/** Between a rollout's plain numbers and the tensors of an update. */
import { compile } from "../capture";
import { tf } from "../tensorflow";
import type { ActorCritic } from "./actor-critic";
import { type Advantages, generalizedAdvantages } from "./gae";
import type { Rollout } from "./rollout";

/** What the networks say about the steps of a rollout. */
export interface Assessed {
  /** `log π(a|s)`, `[steps, envs]`, flat. */
  logProbabilities: Float32Array;
  /** `V(s)`, `[steps, envs]`, flat. */
  values: Float32Array;
}

/** A rollout's actions as the distribution wants them: int32 `[size]`, or `[size, actionSize]`. */
export function actionTensor(policy: ActorCritic, actions: Float32Array, lead: number[]): tf.Tensor {
  return policy.actionSpace.kind === "discrete"
    ? tf.tensor(new Int32Array(actions), lead, "int32")
    : tf.tensor(actions, [...lead, policy.actionSize]);
}

/** Gives log-probabilities and values of all steps of a rollout at once: cheaper than one by one while acting. */
export class Assessor {
  private readonly judge;

  constructor(private readonly policy: ActorCritic) {
    this.judge = compile((observations: tf.Tensor2D, actions: tf.Tensor) => ({
      logProbabilities: policy.distribution(observations).logProbability(actions),
      values: policy.values(observations),
    }));
  }

  assess({ observations, actions, size }: Pick<Rollout, "observations" | "actions" | "size">): Assessed {
    return tf.tidy(() => {
      const seen = tf.tensor2d(observations, [size, this.policy.observationSize]);
      const { logProbabilities, values } = this.judge(seen, actionTensor(this.policy, actions, [size]));
      return {
        logProbabilities: logProbabilities.dataSync() as Float32Array,
        values: values.dataSync() as Float32Array,
      };
    });
  }

  /** Frees what was recorded. */
  dispose(): void {
    this.judge.dispose();
  }
}

/** Returns and advantages of a rollout by the values of its states; states beyond it are valued by the policy's critic. */
export function estimate(
  policy: ActorCritic,
  rollout: Rollout,
  values: Float32Array,
  { gamma, lambda }: { gamma: number; lambda: number },
): Advantages {
  const nextValues = rollout.nextValues(values, (seen, count) => policy.valuesOf(seen, count));
  const { rewards, ends, envs } = rollout;
  return generalizedAdvantages({ rewards, values, nextValues, ends, gamma, lambda, envs: envs.count });
}

/** The mean of each column of measures, by name. */
export function means<N extends string>(rows: Float32Array[], names: readonly N[]): Record<N, number> {
  const mean = (k: number) => rows.reduce((sum, row) => sum + row[k], 0) / rows.length;
  return Object.fromEntries(names.map((name, k) => [name, mean(k)])) as Record<N, number>;
}

/** `1 - Var(R - V) / Var(R)`: 1 where the values foretell the returns, 0 where a constant would do as well. */
export function explainedVariance(values: ArrayLike<number>, returns: ArrayLike<number>): number {
  const variance = (numbers: Float64Array) => {
    const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    return numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length;
  };
  const whole = variance(Float64Array.from(returns));
  const rest = variance(Float64Array.from(returns, (value, i) => value - values[i]));
  return whole > 0 ? 1 - rest / whole : 0;
}
