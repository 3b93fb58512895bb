import { checkNumber } from "../check";
import { tf } from "../tensorflow";
import { Optimizer, OptimizerOptions, Slot, StepState } from "./optimizer";

export interface SgdOptions extends OptimizerOptions {
  /** @default 0.01 */
  learningRate?: number;
  /** How much of the last step stays in the next, from 0 to below 1. @default 0 */
  momentum?: number;
  /** Look ahead: step along the gradient and the momentum that it has just changed. @default false */
  nesterov?: boolean;
}

/**
 * Gradient descent with momentum and weight decay of its own:
 *
 * `m ← momentum · m + g`, `w ← w - rate · (m + weightDecay · w)`, and with `nesterov` `g + momentum · m` in the place of m.
 *
 * Sutskever et al.: On the importance of initialization and momentum. ICML 2013; Loshchilov and Hutter: Decoupled weight
 * decay regularization. ICLR 2019.
 */
export class Sgd extends Optimizer {
  /** @nocollapse */
  static readonly className: string = "Sgd";
  readonly momentum: number;
  readonly nesterov: boolean;
  private readonly velocity: Slot[] = [];

  constructor(options: SgdOptions = {}) {
    super(0.01, options, ["momentum", "nesterov"]);
    this.momentum = checkNumber("Sgd()", "momentum", options.momentum ?? 0, { min: 0, max: 1 });
    this.nesterov = options.nesterov ?? false;
  }

  protected update(variable: tf.Variable, gradient: tf.Tensor, index: number, { rate }: StepState): void {
    if (this.momentum === 0) return this.descend(variable, gradient, rate);
    const velocity = this.slot(this.velocity, index, variable, "velocity");
    velocity.assign(tf.add(tf.mul(velocity, this.momentum), gradient));
    const direction = this.nesterov ? tf.add(gradient, tf.mul(velocity, this.momentum)) : velocity;
    this.descend(variable, direction, rate);
  }

  protected slots(): Slot[][] {
    return [this.velocity];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), momentum: this.momentum, nesterov: this.nesterov };
  }
}
