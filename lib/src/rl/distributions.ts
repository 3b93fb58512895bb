import { checkShape } from "../check";
import { sparseSoftmaxCrossEntropy } from "../kernels";
import { tf } from "../tensorflow";

/** The distribution of actions that a policy gives for each state of a batch. All results are the caller's. */
export interface Distribution {
  /** `log π(a|s)`, for a Gaussian the logarithm of the density. @returns `[batch]` */
  logProbability(actions: tf.Tensor): tf.Tensor1D;
  /** `-Σ p log p`, or the same as an integral, in nats. @returns `[batch]` */
  entropy(): tf.Tensor1D;
  /** `KL(this ‖ other)`, in nats: what it costs to take the other for this one. @returns `[batch]` */
  kl(other: this): tf.Tensor1D;
  /** Draws one action for each state, from the numbers that `setRandomSeed` starts. */
  sample(): tf.Tensor;
  /** The most likely action of each state. */
  mode(): tf.Tensor;
}

/**
 * One of `n` actions, with probabilities `softmax(logits)`.
 *
 * @example new Categorical(actor.predict(states) as tf.Tensor2D).logProbability(actions)
 */
export class Categorical implements Distribution {
  /**
   * @param logits finite numbers, `[batch, n]`; they stay the caller's
   * @throws RangeError where the shape is another
   */
  constructor(readonly logits: tf.Tensor2D) {
    checkShape("Categorical()", "logits", logits, [null, null]);
  }

  /** `log softmax(logits)[a]`. @param actions int32, `[batch]` */
  logProbability(actions: tf.Tensor): tf.Tensor1D {
    checkShape("logProbability()", "actions", actions, [this.logits.shape[0]]);
    return tf.tidy(() => tf.neg(sparseSoftmaxCrossEntropy(actions, this.logits)) as tf.Tensor1D);
  }

  entropy(): tf.Tensor1D {
    return tf.tidy(() => {
      const logs = tf.logSoftmax(this.logits);
      return tf.neg(tf.sum(tf.mul(tf.exp(logs), logs), 1));
    });
  }

  /** `Σ p (log p - log q)`. */
  kl(other: Categorical): tf.Tensor1D {
    return tf.tidy(() => {
      const logs = tf.logSoftmax(this.logits);
      return tf.sum(tf.mul(tf.exp(logs), tf.sub(logs, tf.logSoftmax(other.logits))), 1);
    });
  }

  /**
   * `argmax(logits + g)` with `g = -log(-log u)`: the largest of the logits with Gumbel noise added is action a with
   * probability softmax(logits)[a]. Gumbel: Statistical theory of extreme values. 1954.
   *
   * @returns int32, `[batch]`
   */
  sample(): tf.Tensor1D {
    return tf.tidy(() => {
      const uniform = tf.randomUniform(this.logits.shape);
      return tf.argMax(tf.sub(this.logits, tf.log(tf.neg(tf.log(uniform)))), 1);
    });
  }

  /** @returns int32, `[batch]` */
  mode(): tf.Tensor1D {
    return tf.argMax(this.logits, 1);
  }
}

const LOG_2_PI = Math.log(2 * Math.PI);

/** Real-valued actions of several dimensions, each with a normal distribution of its own: `a = mean + e^logStd · ε`. */
export class DiagonalGaussian implements Distribution {
  /**
   * @param mean `[batch, dimensions]`
   * @param logStd logarithms of the standard deviations, `[dimensions]`, the same in all states, or `[batch, dimensions]`
   * @throws RangeError where the shapes don't fit
   */
  constructor(
    readonly mean: tf.Tensor2D,
    readonly logStd: tf.Tensor,
  ) {
    const [, dimensions] = checkShape("DiagonalGaussian()", "mean", mean, [null, null]).shape;
    const shape = logStd.rank === 1 ? [dimensions] : mean.shape;
    checkShape("DiagonalGaussian()", "logStd", logStd, shape);
  }

  /** `-½ Σ (((a - mean) / std)² + 2 logStd + log 2π)`. @param actions `[batch, dimensions]` */
  logProbability(actions: tf.Tensor): tf.Tensor1D {
    checkShape("logProbability()", "actions", actions, this.mean.shape);
    return tf.tidy(() => {
      const z = tf.div(tf.sub(actions, this.mean), tf.exp(this.logStd));
      const terms = tf.add(tf.add(tf.square(z), tf.mul(this.logStd, 2)), LOG_2_PI);
      return tf.mul(tf.sum(terms, 1), -0.5) as tf.Tensor1D;
    });
  }

  /** `Σ (logStd + ½ log 2πe)`. */
  entropy(): tf.Tensor1D {
    return tf.tidy(() => tf.sum(this.perState(tf.add(this.logStd, 0.5 * (LOG_2_PI + 1))), 1));
  }

  /** `Σ (logStd_q - logStd_p + (std_p² + (mean_p - mean_q)²) / (2 std_q²) - ½)`. */
  kl(other: DiagonalGaussian): tf.Tensor1D {
    return tf.tidy(() => {
      const variance = (logStd: tf.Tensor) => tf.exp(tf.mul(logStd, 2));
      const apart = tf.square(tf.sub(this.mean, other.mean));
      const ratio = tf.div(tf.add(variance(this.logStd), apart), tf.mul(variance(other.logStd), 2));
      return tf.sum(tf.sub(tf.add(tf.sub(other.logStd, this.logStd), ratio), 0.5), 1);
    });
  }

  /** @returns `[batch, dimensions]` */
  sample(): tf.Tensor2D {
    return tf.tidy(() => tf.add(this.mean, tf.mul(tf.exp(this.logStd), tf.randomNormal(this.mean.shape))));
  }

  /** The mean. @returns `[batch, dimensions]` */
  mode(): tf.Tensor2D {
    return tf.clone(this.mean);
  }

  private perState(values: tf.Tensor): tf.Tensor2D {
    return tf.broadcastTo(values, this.mean.shape) as tf.Tensor2D;
  }
}
