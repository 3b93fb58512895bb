import { tf } from "../tensorflow";
import type { ActorCritic } from "./actor-critic";

/** Steps that a policy made, as tensors: those of one update. */
export interface PolicyBatch {
  /** `[batch, observationSize]`. */
  observations: tf.Tensor2D;
  /** int32 `[batch]`, or real-valued `[batch, size]` as the policy gave them, not clipped. */
  actions: tf.Tensor;
  /** `log π_old(a|s)` of the policy that acted, `[batch]`. */
  logProbabilities: tf.Tensor1D;
  /** `Â`, `[batch]`. */
  advantages: tf.Tensor1D;
  /** What the values should be, `[batch]`. */
  returns: tf.Tensor1D;
  /** `V_old(s)` of the critic as it was then, `[batch]`. */
  values: tf.Tensor1D;
}

export interface PpoLossOptions {
  /** How far the ratio may move from 1 before the gradient stops, ε: a scalar, so that it can fall without a new recording. */
  clip: tf.Scalar;
  /** Weight of the entropy bonus. */
  entropy: number;
  /** Weight of the value loss. */
  valueLoss: number;
  /** How far a value may move from what it was before the gradient stops; Infinity: as far as it likes. */
  clipValues: number;
  /** Move the advantages of the batch to mean 0 and standard deviation 1. */
  normalizeAdvantages: boolean;
}

/**
 * What `ppoLoss` measures: `approxKl` is `mean((ratio - 1) - log ratio)`, an estimate of KL(old ‖ new) that is never negative,
 * `clipFraction` the share of steps whose ratio is outside of 1 ± clip.
 */
export const PPO_PARTS = ["loss", "policyLoss", "valueLoss", "entropy", "approxKl", "clipFraction"] as const;

/** Scalars by the names above, in their order. */
export type PpoParts = Record<(typeof PPO_PARTS)[number], tf.Scalar>;

/**
 * The clipped objective of proximal policy optimisation, as a loss: with `ratio = π(a|s) / π_old(a|s)`,
 *
 * `-mean(min(ratio · Â, clip(ratio, 1 - ε, 1 + ε) · Â)) + c_v · mean((V(s) - R)²) - c_H · mean(H)`.
 *
 * An action that proved good is made more likely, but no more than by the factor 1 + ε: beyond, there is nothing to gain.
 * Schulman et al.: Proximal policy optimization algorithms. 2017, equations 7 and 9.
 */
export function ppoLoss(policy: ActorCritic, batch: PolicyBatch, options: PpoLossOptions): PpoParts {
  return tf.tidy(() => {
    const { clip } = options;
    const distribution = policy.distribution(batch.observations);
    const advantages = options.normalizeAdvantages ? standardized(batch.advantages) : batch.advantages;
    const logRatio = tf.sub(distribution.logProbability(batch.actions), batch.logProbabilities);
    const ratio = tf.exp(logRatio);
    const clipped = tf.minimum(tf.maximum(ratio, tf.sub(1, clip)), tf.add(1, clip));
    const policyLoss = tf.neg(tf.mean(tf.minimum(tf.mul(ratio, advantages), tf.mul(clipped, advantages))));

    const valueLoss = valueError(policy.values(batch.observations), batch, options.clipValues);
    const entropy = tf.mean(distribution.entropy());
    const loss = tf.sub(
      tf.add(policyLoss, tf.mul(valueLoss, options.valueLoss)),
      tf.mul(entropy, options.entropy),
    ) as tf.Scalar;

    const off = tf.sub(ratio, 1);
    const approxKl = tf.mean(tf.sub(off, logRatio));
    const clipFraction = tf.mean(tf.cast(tf.greater(tf.abs(off), clip), "float32"));
    return { loss, policyLoss, valueLoss, entropy, approxKl, clipFraction } as PpoParts;
  });
}

/** `mean((V - R)²)`; with clipping the larger of that and the same for a value that moved by at most `most`. */
function valueError(values: tf.Tensor1D, { returns, values: old }: PolicyBatch, most: number): tf.Tensor {
  const squares = tf.square(tf.sub(values, returns));
  if (most === Infinity) return tf.mean(squares);
  const near = tf.add(old, tf.clipByValue(tf.sub(values, old), -most, most));
  return tf.mean(tf.maximum(squares, tf.square(tf.sub(near, returns))));
}

/** To mean 0 and standard deviation 1 of a sample, in the graph. */
function standardized(values: tf.Tensor1D): tf.Tensor1D {
  const count = values.shape[0];
  const { mean, variance } = tf.moments(values);
  const std = tf.sqrt(tf.mul(variance, count / Math.max(1, count - 1)));
  return tf.div(tf.sub(values, mean), tf.add(std, 1e-8));
}
