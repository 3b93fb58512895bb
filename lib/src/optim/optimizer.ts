/** What the optimizers of this room share: the rate and its schedule, clipping, weight decay, slots, and their state. */
import { checkFunction, checkNumber, checkOptions } from "../check";
import { tf } from "../tensorflow";
import { clipByGlobalNorm } from "./clip";
import { Schedule } from "./schedule";

/** Options of every optimizer here. */
export interface OptimizerOptions {
  /** Length of a step. It may be changed at any time, also between calls of a compiled step. */
  learningRate?: number;
  /** How the learning rate changes with the steps, as a factor. @default none */
  schedule?: Schedule;
  /** Shrinks weights by this share of the learning rate in each step, apart from the gradient. @default 0 */
  weightDecay?: number;
  /** Which variables shrink. @default all */
  decays?: (variable: tf.Variable) => boolean;
  /** Longest that all gradients together may be; see `clipByGlobalNorm`. @default any length */
  clipNorm?: number;
}

/** The options above, for checks of names. */
export const COMMON = ["learningRate", "schedule", "weightDecay", "decays", "clipNorm"] as const;

/** A tensor kept for a trained variable, such as its momentum. */
export interface Slot {
  originalName: string;
  variable: tf.Variable;
}

/** What an update rule gets in each step. All tensors are scalars, and freed after the step. */
export interface StepState {
  /** The learning rate times the schedule. */
  rate: tf.Tensor;
  /** Number of this step, from 1. */
  step: tf.Tensor;
}

/**
 * An optimizer whose whole state is in variables: the number of steps, and a slot for each trained variable. So a compiled
 * step holds nothing fixed, a checkpoint holds everything, and the schedule goes on where it was.
 *
 * Variables must come in the same order in every step, as they do from `minimize`.
 */
export abstract class Optimizer extends tf.Optimizer {
  learningRate: number;
  readonly schedule?: Schedule;
  readonly weightDecay: number;
  /** Steps done. */
  readonly step: tf.Variable;
  private readonly factors?: tf.Tensor;
  private readonly decays: (variable: tf.Variable) => boolean;
  private readonly clipNorm: number;

  protected constructor(rate: number, options: OptimizerOptions, known: readonly string[]) {
    super();
    const where = `${new.target.name}()`;
    const { learningRate = rate, schedule, weightDecay = 0, decays = () => true, clipNorm = Infinity } = options;
    checkOptions(where, options, [...COMMON, ...known]);
    this.learningRate = checkNumber(where, "learningRate", learningRate, { min: 0 });
    this.weightDecay = checkNumber(where, "weightDecay", weightDecay, { min: 0 });
    this.decays = checkFunction(where, "decays", decays);
    if (clipNorm !== Infinity) checkNumber(where, "clipNorm", clipNorm, { min: Number.MIN_VALUE });
    this.clipNorm = clipNorm;
    this.step = tf.tidy(() => tf.scalar(0).variable(false));
    if (schedule) {
      checkFunction(where, "schedule", schedule, "a schedule, such as cosine({ steps: 1000 }).");
      this.schedule = schedule;
      // A table rather than a formula: a compiled step looks its factor up by the step, whatever the schedule.
      const factors = Float32Array.from({ length: schedule.steps + 1 }, (_, step) => schedule(step));
      this.factors = tf.keep(tf.tensor1d(factors));
    }
  }

  /** The rate of the coming step: `learningRate · schedule(iterations)`. */
  get rate(): number {
    return this.learningRate * (this.schedule?.(this.iterations) ?? 1);
  }

  /** Moves one variable. `index` is its place among the trained ones, for `slot`. */
  protected abstract update(variable: tf.Variable, gradient: tf.Tensor, index: number, state: StepState): void;

  /** The lists of slots, for saving. */
  protected abstract slots(): Slot[][];

  /** Makes one step along these gradients. They stay the caller's. */
  applyGradients(variableGradients: tf.NamedTensorMap | { name: string; tensor: tf.Tensor }[]): void {
    const named = Array.isArray(variableGradients)
      ? variableGradients
      : Object.entries(variableGradients).map(([name, tensor]) => ({ name, tensor }));
    const trained = named.flatMap(({ name, tensor }, index) => (tensor ? [{ name, tensor, index }] : []));
    const { registeredVariables } = tf.engine();
    tf.tidy(() => {
      const { factors } = this;
      let rate: tf.Tensor = tf.scalar(this.learningRate);
      if (factors) rate = tf.mul(rate, tf.gather(factors, tf.cast(tf.minimum(this.step, factors.size - 1), "int32")));
      const step = tf.add(this.step, 1);
      this.step.assign(step as tf.Scalar);
      const gradients = trained.map(({ tensor }) => tensor);
      const clipped = this.clipNorm === Infinity ? gradients : clipByGlobalNorm(gradients, this.clipNorm);
      trained.forEach(({ name, index }, i) => {
        this.update(registeredVariables[name] as tf.Variable, clipped[i], index, { rate, step });
      });
    });
    this.incrementIterations();
  }

  /** Takes `rate · (direction + weightDecay · variable)` off the variable. */
  protected descend(variable: tf.Variable, direction: tf.Tensor, rate: tf.Tensor): void {
    const decay = this.weightDecay > 0 && this.decays(variable);
    const along = decay ? tf.add(direction, tf.mul(variable, this.weightDecay)) : direction;
    variable.assign(tf.sub(variable, tf.mul(along, rate)));
  }

  /** The slot of a variable in a list, zero at first. */
  protected slot(list: Slot[], index: number, variable: tf.Variable, name: string): tf.Variable {
    const originalName = `${variable.name}/${name}`;
    const slot = (list[index] ??= { originalName, variable: tf.tidy(() => tf.zerosLike(variable).variable(false)) });
    if (tf.util.arraysEqual(slot.variable.shape, variable.shape)) return slot.variable;
    throw new Error(
      `${this.getClassName()} kept ${slot.originalName} of shape [${slot.variable.shape}] where ${variable.name} of shape ` +
        `[${variable.shape}] comes now. Remedy: train the same variables in the same order, or use an optimizer for each set.`,
    );
  }

  /** All state: the number of steps, then the slots. The tensors are the optimizer's own. */
  override async getWeights(): Promise<{ name: string; tensor: tf.Tensor }[]> {
    const slots = this.slots().flatMap((list) => list.filter(Boolean));
    return [
      { name: "iter", tensor: this.step },
      ...slots.map(({ originalName, variable }) => ({ name: originalName, tensor: variable })),
    ];
  }

  /**
   * Puts back what `getWeights` gave. The tensors stay the caller's.
   *
   * @throws RangeError where the number of tensors is not that of this kind of optimizer
   */
  override async setWeights(weights: { name: string; tensor: tf.Tensor }[]): Promise<void> {
    const lists = this.slots();
    const [step, ...rest] = weights;
    const each = rest.length / lists.length;
    if (step?.name !== "iter" || !Number.isInteger(each)) {
      throw new RangeError(
        `setWeights() wants the number of steps and ${lists.length} ${lists.length > 1 ? "lists" : "list"} of slots for ` +
          `${this.getClassName()}, got ${weights.length} tensors. Remedy: pass what getWeights() of the same kind of optimizer gave.`,
      );
    }
    this.iterations_ = (await step.tensor.data())[0];
    this.step.assign(step.tensor as tf.Scalar);
    lists.forEach((list, k) => {
      tf.dispose(list.map(({ variable }) => variable));
      list.splice(
        0,
        Infinity,
        ...rest.slice(k * each, (k + 1) * each).map(({ name, tensor }) => ({
          originalName: name,
          variable: tf.tidy(() => tensor.clone().variable(false)),
        })),
      );
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { learningRate, weightDecay } = this;
    return { learningRate, weightDecay };
  }

  /** Frees all state. */
  override dispose(): void {
    this.step.dispose();
    this.factors?.dispose();
    for (const list of this.slots()) {
      tf.dispose(list.map((slot) => slot?.variable));
      list.length = 0;
    }
  }
}
