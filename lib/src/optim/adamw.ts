import { checkNumber } from "../check";
import { tf } from "../tensorflow";
import { Optimizer, OptimizerOptions, Slot, StepState } from "./optimizer";

export interface AdamWOptions extends OptimizerOptions {
  /** @default 0.001 */
  learningRate?: number;
  /** @default 0.01 */
  weightDecay?: number;
  /** Memory of the average gradient. @default 0.9 */
  beta1?: number;
  /** Memory of the average squared gradient. @default 0.999 */
  beta2?: number;
  /** Keeps the division finite. @default 1e-8 */
  epsilon?: number;
}

/**
 * Adam with weight decay of its own:
 *
 * `m ← β₁ m + (1 - β₁) g`, `v ← β₂ v + (1 - β₂) g²`,
 * `w ← w - rate · (m̂ / (√v̂ + ε) + weightDecay · w)` with `m̂ = m / (1 - β₁ᵗ)`, `v̂ = v / (1 - β₂ᵗ)`.
 *
 * Kingma and Ba: Adam. ICLR 2015; Loshchilov and Hutter: Decoupled weight decay regularization. ICLR 2019.
 */
export class AdamW extends Optimizer {
  /** @nocollapse */
  static readonly className: string = "AdamW";
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  private readonly first: Slot[] = [];
  private readonly second: Slot[] = [];

  constructor(options: AdamWOptions = {}) {
    super(0.001, { ...options, weightDecay: options.weightDecay ?? 0.01 }, ["beta1", "beta2", "epsilon"]);
    this.beta1 = checkNumber("AdamW()", "beta1", options.beta1 ?? 0.9, { min: 0, max: 1 });
    this.beta2 = checkNumber("AdamW()", "beta2", options.beta2 ?? 0.999, { min: 0, max: 1 });
    this.epsilon = checkNumber("AdamW()", "epsilon", options.epsilon ?? 1e-8, { min: 0 });
  }

  protected update(variable: tf.Variable, gradient: tf.Tensor, index: number, state: StepState): void {
    const first = this.slot(this.first, index, variable, "m");
    const second = this.slot(this.second, index, variable, "v");
    this.descend(variable, adamDirection(first, second, gradient, state.step, this), state.rate);
  }

  protected slots(): Slot[][] {
    return [this.first, this.second];
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { beta1, beta2, epsilon } = this;
    return { ...super.getConfig(), beta1, beta2, epsilon };
  }
}

/** Adam's averages, moved on by a gradient, and the direction that they give. */
export function adamDirection(
  first: tf.Variable,
  second: tf.Variable,
  gradient: tf.Tensor,
  step: tf.Tensor,
  { beta1, beta2, epsilon }: { beta1: number; beta2: number; epsilon: number },
): tf.Tensor {
  first.assign(tf.add(tf.mul(first, beta1), tf.mul(gradient, 1 - beta1)));
  second.assign(tf.add(tf.mul(second, beta2), tf.mul(tf.square(gradient), 1 - beta2)));
  const mean = tf.div(first, tf.sub(1, tf.pow(beta1, step)));
  const spread = tf.sqrt(tf.div(second, tf.sub(1, tf.pow(beta2, step))));
  return tf.div(mean, tf.add(spread, epsilon));
}
