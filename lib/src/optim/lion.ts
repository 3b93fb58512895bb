import { checkNumber } from "../check";
import { tf } from "../tensorflow";
import { Optimizer, OptimizerOptions, Slot, StepState } from "./optimizer";

export interface LionOptions extends OptimizerOptions {
  /** A third to a tenth of what AdamW would get, since every step has full length. @default 0.0001 */
  learningRate?: number;
  /** Share of the momentum in the direction of a step. @default 0.9 */
  beta1?: number;
  /** Memory of the momentum. @default 0.99 */
  beta2?: number;
}

/**
 * Steps along signs, found by a search over programs; half the memory of Adam:
 *
 * `w ← w - rate · (sign(β₁ m + (1 - β₁) g) + weightDecay · w)`, then `m ← β₂ m + (1 - β₂) g`.
 *
 * Chen et al.: Symbolic discovery of optimization algorithms. NeurIPS 2023.
 */
export class Lion extends Optimizer {
  /** @nocollapse */
  static readonly className: string = "Lion";
  readonly beta1: number;
  readonly beta2: number;
  private readonly momentum: Slot[] = [];

  constructor(options: LionOptions = {}) {
    super(0.0001, options, ["beta1", "beta2"]);
    this.beta1 = checkNumber("Lion()", "beta1", options.beta1 ?? 0.9, { min: 0, max: 1 });
    this.beta2 = checkNumber("Lion()", "beta2", options.beta2 ?? 0.99, { min: 0, max: 1 });
  }

  protected update(variable: tf.Variable, gradient: tf.Tensor, index: number, { rate }: StepState): void {
    const momentum = this.slot(this.momentum, index, variable, "momentum");
    const direction = tf.sign(tf.add(tf.mul(momentum, this.beta1), tf.mul(gradient, 1 - this.beta1)));
    momentum.assign(tf.add(tf.mul(momentum, this.beta2), tf.mul(gradient, 1 - this.beta2)));
    this.descend(variable, direction, rate);
  }

  protected slots(): Slot[][] {
    return [this.momentum];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), beta1: this.beta1, beta2: this.beta2 };
  }
}
