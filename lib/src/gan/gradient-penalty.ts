import { checkShape } from "../check";
import { tf } from "../tensorflow";

/** Scores of inputs: `[batch, …]` in, `[batch, 1]` or `[batch]` out. Each row's score must depend on that row alone. */
export type Critic = (inputs: tf.Tensor) => tf.Tensor;

/** Added to a squared length before its root is taken, whose slope at 0 is infinite: a length of 1 changes by 5e-13. */
const EPSILON = 1e-12;

/** For each row, the squared length of the slope of its score: `|∇_x D(x)|²`, `[batch]`. */
function squaredSlopes(critic: Critic, inputs: tf.Tensor): tf.Tensor1D {
  const gradient = tf.grad((x: tf.Tensor) => tf.sum(critic(x)))(inputs);
  return tf.sum(tf.square(tf.reshape(gradient, [inputs.shape[0], -1])), 1);
}

/**
 * What keeps a Wasserstein critic from being steeper than 1: `E[(|∇D(x̂)| - 1)²]` at places between data and samples,
 * `x̂ = u·x + (1 - u)·G(z)`. Add 10 times this to the critic's loss. It can be differentiated again, also in a compiled step.
 *
 * Critics must treat the rows of a batch apart: no batch normalisation.
 *
 * Gulrajani et al.: Improved training of Wasserstein GANs. NIPS 2017, arXiv:1704.00028.
 *
 * @param real data, `[batch, …]` @param generated samples of the same shape
 * @param shares u for each row, `[batch]` @default drawn uniformly from 0 to 1
 * @throws RangeError where the shapes differ
 */
export function gradientPenalty(
  critic: Critic,
  real: tf.Tensor,
  generated: tf.Tensor,
  shares?: tf.Tensor1D,
): tf.Scalar {
  checkShape("gradientPenalty()", "generated", generated, real.shape, "as many samples as data, of the same shape.");
  const [batch, ...rest] = real.shape;
  if (shares) checkShape("gradientPenalty()", "shares", shares, [batch]);
  return tf.tidy(() => {
    const u = tf.reshape(shares ?? tf.randomUniform([batch]), [batch, ...rest.map(() => 1)]);
    const between = tf.add(tf.mul(u, real), tf.mul(tf.sub(1, u), generated));
    const lengths = tf.sqrt(tf.add(squaredSlopes(critic, between), EPSILON));
    return tf.mean(tf.square(tf.sub(lengths, 1))) as tf.Scalar;
  });
}

/**
 * The mean squared slope of the score at data, `E[|∇D(x)|²]`. With a weight of γ / 2, it is the R1 penalty: at the optimum
 * D is flat around the data, and the generator no longer circles there.
 *
 * Mescheder, Geiger and Nowozin: Which training methods for GANs do actually converge? ICML 2018, arXiv:1801.04406.
 *
 * @param real data, `[batch, …]`
 */
export function r1Penalty(critic: Critic, real: tf.Tensor): tf.Scalar {
  return tf.tidy(() => tf.mean(squaredSlopes(critic, real)) as tf.Scalar);
}
