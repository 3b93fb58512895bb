import { checkNumber } from "../check";
import { tf } from "../tensorflow";

export interface MovingAverageOptions {
  /** Share of the old average in the new one, from 0 to 1. About `1 / (1 - decay)` steps count. @default 0.999 */
  decay?: number;
}

/**
 * The exponential moving average of weights, which often tests better than the weights themselves, and varies less:
 * `average ← decay · average + (1 - decay) · weight`, from the weights as they are at the start.
 *
 * @example
 * const averaged = new MovingAverage(model.weights.map((w) => w.read()));
 * // in the step, compiled or not: averaged.update();
 * averaged.use(() => evaluate(model)); // with averaged weights; the own ones are back afterwards
 */
export class MovingAverage {
  readonly decay: number;
  /** The averages, in the order of the variables. */
  readonly averages: tf.Variable[];

  constructor(
    readonly variables: readonly tf.Variable[],
    { decay = 0.999 }: MovingAverageOptions = {},
  ) {
    this.decay = checkNumber("MovingAverage()", "decay", decay, { min: 0, max: 1 });
    this.averages = variables.map((variable) => tf.tidy(() => variable.clone().variable(false)));
  }

  /** Takes the present weights into the average. Call it after each step, or within it. */
  update(): void {
    tf.tidy(() => {
      this.averages.forEach((average, i) => {
        average.assign(tf.add(tf.mul(average, this.decay), tf.mul(this.variables[i], 1 - this.decay)));
      });
    });
  }

  /** Exchanges weights and averages; the second time, back. */
  swap(): void {
    this.averages.forEach((average, i) => {
      const kept = average.clone();
      average.assign(this.variables[i]);
      this.variables[i].assign(kept);
      kept.dispose();
    });
  }

  /** Calls a function while the weights are the averages. They are the own ones again when it has returned, or failed. */
  use<T>(f: () => T): T {
    this.swap();
    let after: T;
    try {
      after = f();
    } catch (error) {
      this.swap();
      throw error;
    }
    if (after instanceof Promise) return after.finally(() => this.swap()) as T;
    this.swap();
    return after;
  }

  /** Frees the averages. */
  dispose(): void {
    tf.dispose(this.averages);
  }
}
