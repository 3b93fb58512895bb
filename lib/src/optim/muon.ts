import { checkInteger, checkNumber, checkShape } from "../check";
import { tf } from "../tensorflow";
import { adamDirection } from "./adamw";
import { Optimizer, OptimizerOptions, Slot, StepState } from "./optimizer";

export interface MuonOptions extends OptimizerOptions {
  /** For matrices and filters: how far a step turns them, whatever the gradient's size. @default 0.02 */
  learningRate?: number;
  /** Memory of the average gradient. @default 0.95 */
  momentum?: number;
  /** Look ahead, as in `Sgd`. @default true */
  nesterov?: boolean;
  /** Newton-Schulz iterations. @default 5 */
  iterations?: number;
  /**
   * Keep what is turned at one length, `‖w‖ = √out`, before each step: then the learning rate is the angle of a step all
   * along, and no weight decay is needed for it. Layers whose scale matters not, those before batch norm, allow it. @default false
   */
  normalize?: boolean;
  /** Learning rate of what Adam trains. The schedule and the decay hold there too. @default 0.001 */
  adamRate?: number;
}

/**
 * Momentum made orthogonal: every direction of a weight matrix moves by the same length, also those along which gradients
 * are small.
 *
 * `m ← μ m + (1 - μ) g`, `w ← w - rate · (√max(1, out / in) · orthogonal(m) + weightDecay · w)` for `[in, out]` matrices;
 * filters count as matrices of `[height · width · in, out]`; vectors are trained by Adam (β 0.9 and 0.999).
 *
 * Jordan et al.: Muon, an optimizer for hidden layers in neural networks. 2024; weights of one length: the same author's
 * fast training on CIFAR-10, arXiv:2404.00498.
 */
export class Muon extends Optimizer {
  /** @nocollapse */
  static readonly className: string = "Muon";
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly rounds: number;
  readonly normalize: boolean;
  readonly adamRate: number;
  private readonly average: Slot[] = [];
  private readonly square: Slot[] = [];

  constructor(options: MuonOptions = {}) {
    super(0.02, options, ["momentum", "nesterov", "iterations", "normalize", "adamRate"]);
    this.momentum = checkNumber("Muon()", "momentum", options.momentum ?? 0.95, { min: 0, max: 1 });
    this.nesterov = options.nesterov ?? true;
    this.rounds = checkInteger("Muon()", "iterations", options.iterations ?? 5, { min: 1, max: 100 });
    this.normalize = options.normalize ?? false;
    this.adamRate = checkNumber("Muon()", "adamRate", options.adamRate ?? 0.001, { min: 0 });
  }

  protected update(variable: tf.Variable, gradient: tf.Tensor, index: number, { rate, step }: StepState): void {
    const average = this.slot(this.average, index, variable, "average");
    // Made for matrices as well, although unused there: then slot lists have the same length, and saving is plain.
    const square = this.slot(this.square, index, variable, "square");
    if (variable.rank < 2) {
      const direction = adamDirection(average, square, gradient, step, { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
      const share = this.learningRate === 0 ? tf.scalar(0) : tf.div(rate, this.learningRate);
      return this.descend(variable, direction, tf.mul(share, this.adamRate));
    }
    const mix = (old: tf.Tensor) => tf.add(tf.mul(old, this.momentum), tf.mul(gradient, 1 - this.momentum));
    average.assign(mix(average));
    const wanted = this.nesterov ? mix(average) : average;
    const out = variable.shape[variable.rank - 1];
    if (this.normalize) variable.assign(tf.mul(variable, tf.div(Math.sqrt(out), tf.norm(variable))));
    const matrix = tf.reshape(wanted, [-1, out]) as tf.Tensor2D;
    const turned = orthogonalize(matrix, this.rounds);
    const scale = Math.sqrt(Math.max(1, out / matrix.shape[0]));
    this.descend(variable, tf.mul(tf.reshape(turned, variable.shape), scale), rate);
  }

  protected slots(): Slot[][] {
    return [this.average, this.square];
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { momentum, nesterov, rounds, normalize, adamRate } = this;
    return { ...super.getConfig(), momentum, nesterov, iterations: rounds, normalize, adamRate };
  }
}

/**
 * About the nearest orthogonal matrix: `U Vᵀ` of `x = U S Vᵀ`, up to singular values between 0.7 and 1.2, by iterating
 * `x ← a x + (b x xᵀ + c (x xᵀ)²) x` with coefficients that raise small singular values as fast as possible.
 *
 * @param x `[rows, columns]`
 */
export function orthogonalize(x: tf.Tensor2D, iterations = 5): tf.Tensor2D {
  checkShape("orthogonalize()", "x", x, [null, null]);
  const [a, b, c] = [3.4445, -4.775, 2.0315];
  return tf.tidy(() => {
    const tall = x.shape[0] > x.shape[1]; // products of the shorter side
    let y = tall ? tf.transpose(x) : x;
    y = tf.div(y, tf.add(tf.sqrt(tf.sum(tf.square(y))), 1e-7));
    for (let i = 0; i < iterations; i++) {
      const s = tf.matMul(y, y, false, true);
      const polynomial = tf.add(tf.mul(s, b), tf.mul(tf.matMul(s, s), c));
      y = tf.add(tf.mul(y, a), tf.matMul(polynomial, y)) as tf.Tensor2D;
    }
    return tall ? tf.transpose(y) : y;
  });
}
