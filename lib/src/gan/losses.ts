import { checkFunction, checkNumber, checkOneOf, checkTensor } from "../check";
import { tf } from "../tensorflow";

/**
 * What the two networks of a GAN make small, each as the mean over a batch. Both take logits, the discriminator's scores
 * before any sigmoid: with `D(x) = σ(logit)` no logarithm of 0 can occur.
 */
export interface GanLoss {
  /**
   * The discriminator's loss.
   *
   * @param real logits of data, `[batch, 1]` @param generated logits of samples, `[batch, 1]`
   */
  discriminator(real: tf.Tensor, generated: tf.Tensor): tf.Scalar;
  /** The generator's loss. @param generated logits of samples, `[batch, 1]` */
  generator(generated: tf.Tensor): tf.Scalar;
  /**
   * The logit half way between what the discriminator pulls data and samples to: accuracy counts on which side of it scores
   * are. @default 0
   */
  readonly boundary?: number;
}

/** Losses by name. */
export type GanLossName = "minimax" | "nonSaturating" | "leastSquares" | "hinge" | "wasserstein";

/** The mean of `f` over all logits. */
function mean(name: string, logits: tf.Tensor, f: (logits: tf.Tensor) => tf.Tensor): tf.Scalar {
  checkTensor("a GAN's loss", name, logits);
  return tf.mean(f(logits)) as tf.Scalar;
}

const logOfShare = (logits: tf.Tensor) => tf.neg(tf.softplus(tf.neg(logits))); // log σ(l)
const logOfRest = (logits: tf.Tensor) => tf.neg(tf.softplus(logits)); //          log (1 - σ(l))

function crossEntropy(real: tf.Tensor, generated: tf.Tensor): tf.Scalar {
  return tf.tidy(() =>
    tf.neg(tf.add(mean("real", real, logOfShare), mean("generated", generated, logOfRest))),
  ) as tf.Scalar;
}

/**
 * The game as it was first written: `L_D = -E[log D(x)] - E[log(1 - D(G(z)))]`, and the generator makes the same value
 * small that the discriminator makes large, `L_G = E[log(1 - D(G(z)))]`. Its gradient fades where D is sure of itself.
 *
 * Goodfellow et al.: Generative adversarial nets. NIPS 2014, arXiv:1406.2661.
 */
export const minimax: GanLoss = {
  discriminator: crossEntropy,
  generator: (generated) => tf.tidy(() => mean("generated", generated, logOfRest)),
};

/**
 * The same discriminator, and a generator with `L_G = -E[log D(G(z))]`: the same fixed point, with a gradient that is
 * strongest where samples are worst. Goodfellow et al., section 3.
 */
export const nonSaturating: GanLoss = {
  discriminator: crossEntropy,
  generator: (generated) => tf.tidy(() => tf.neg(mean("generated", generated, logOfShare)) as tf.Scalar),
};

const squareFrom = (target: number) => (logits: tf.Tensor) => tf.div(tf.square(tf.sub(logits, target)), 2);

/**
 * Scores pulled to 1 for data and to 0 for samples: `L_D = ½E[(l_x - 1)²] + ½E[l_G²]`, `L_G = ½E[(l_G - 1)²]`.
 *
 * Mao et al.: Least squares generative adversarial networks. ICCV 2017, arXiv:1611.04076.
 */
export const leastSquares: GanLoss = {
  discriminator: (real, generated) =>
    tf.tidy(() => tf.add(mean("real", real, squareFrom(1)), mean("generated", generated, squareFrom(0))) as tf.Scalar),
  generator: (generated) => tf.tidy(() => mean("generated", generated, squareFrom(1))),
  boundary: 0.5,
};

/**
 * No more gradient for what is right by a margin of 1: `L_D = E[max(0, 1 - l_x)] + E[max(0, 1 + l_G)]`, `L_G = -E[l_G]`.
 *
 * Lim and Ye: Geometric GAN. 2017, arXiv:1705.02894.
 */
export const hinge: GanLoss = {
  discriminator: (real, generated) =>
    tf.tidy(
      () =>
        tf.add(
          mean("real", real, (logits) => tf.relu(tf.sub(1, logits))),
          mean("generated", generated, (logits) => tf.relu(tf.add(1, logits))),
        ) as tf.Scalar,
    ),
  generator: (generated) => tf.tidy(() => tf.neg(tf.mean(generated)) as tf.Scalar),
};

/**
 * The difference of the mean scores: `L_D = E[l_G] - E[l_x]`, `L_G = -E[l_G]`. Minus L_D is the Wasserstein-1 distance
 * between samples and data as far as no score is steeper than 1, which `gradientPenalty` sees to. A constant added to all
 * scores changes nothing, so accuracy, which looks at their signs, says nothing of this critic.
 *
 * Arjovsky, Chintala and Bottou: Wasserstein GAN. ICML 2017, arXiv:1701.07875.
 */
export const wasserstein: GanLoss = {
  discriminator: (real, generated) =>
    tf.tidy(
      () =>
        tf.sub(
          mean("generated", generated, (logits) => logits),
          mean("real", real, (logits) => logits),
        ) as tf.Scalar,
    ),
  generator: (generated) => tf.tidy(() => tf.neg(tf.mean(generated)) as tf.Scalar),
};

const NAMED: Record<GanLossName, GanLoss> = { minimax, nonSaturating, leastSquares, hinge, wasserstein };

/**
 * Finds a loss by its name; one of one's own is itself.
 *
 * @throws RangeError for an unknown name, TypeError where one of the two functions is missing
 */
export function ganLoss(where: string, loss: GanLossName | GanLoss): GanLoss {
  if (typeof loss !== "object" || loss === null) {
    return NAMED[checkOneOf(where, "loss", loss, Object.keys(NAMED) as GanLossName[])];
  }
  checkFunction(where, "loss.discriminator", loss.discriminator);
  checkFunction(where, "loss.generator", loss.generator);
  checkNumber(where, "loss.boundary", loss.boundary ?? 0);
  return loss;
}

/** The share of scores on the right side of the loss's boundary: data above, samples below; mean of the two, a scalar. */
export function shareRight({ boundary = 0 }: GanLoss, real: tf.Tensor, generated: tf.Tensor): tf.Scalar {
  return tf.div(tf.add(tf.mean(tf.greater(real, boundary)), tf.mean(tf.less(generated, boundary))), 2);
}
