import { checkNumber, checkOptions, checkTensor } from "../check";
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
  /** How many calls of `use` are on their way. */
  private users = 0;
  /** The averages, in the order of the variables. */
  readonly averages: tf.Variable[];

  constructor(
    readonly variables: readonly tf.Variable[],
    options: MovingAverageOptions = {},
  ) {
    const where = "MovingAverage()";
    checkOptions(where, options, ["decay"]);
    this.decay = checkNumber(where, "decay", options.decay ?? 0.999, { min: 0, max: 1 });
    for (const variable of variables) checkTensor(where, "variables", variable);
    this.averages = variables.map((variable) => tf.tidy(() => variable.clone().variable(false)));
  }

  /** Takes the present weights into the average. Call it after each step, or within it. @throws Error while `use` lends them */
  update(): void {
    if (this.users > 0) {
      throw new Error(
        "MovingAverage.update() would average the averages, which use() lends at the moment. Remedy: await use() first.",
      );
    }
    tf.tidy(() => {
      this.averages.forEach((average, i) => {
        average.assign(tf.add(tf.mul(average, this.decay), tf.mul(this.variables[i], 1 - this.decay)));
      });
    });
  }

  /** Exchanges weights and averages; the second time, back. @throws Error where one is gone; nothing is exchanged then */
  swap(): void {
    for (const variable of [...this.variables, ...this.averages])
      checkTensor("MovingAverage.swap()", "variables", variable);
    this.averages.forEach((average, i) => {
      const kept = average.clone();
      average.assign(this.variables[i]);
      this.variables[i].assign(kept);
      kept.dispose();
    });
  }

  /**
   * Calls a function while the weights are the averages. They are the own ones again when it has returned, or failed; of calls
   * within each other or side by side, when the last of them has.
   */
  use<T>(f: () => T): T {
    if (this.users === 0) this.swap();
    this.users++;
    const giveBack = () => {
      if (--this.users === 0) this.swap();
    };
    let after: T;
    try {
      after = f();
    } catch (error) {
      giveBack();
      throw error;
    }
    if (after instanceof Promise) return after.finally(giveBack) as T;
    giveBack();
    return after;
  }

  /** Frees the averages. */
  dispose(): void {
    tf.dispose(this.averages);
  }
}
