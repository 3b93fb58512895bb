import { checkInteger, checkNumber, checkOneOf, checkOptions, refuse } from "../check";
import { tf } from "../tensorflow";
import { HistoryRow } from "./history";

export interface EarlyStoppingOptions {
  /** The column of the history to watch. @default "valLoss" */
  metric?: string;
  /** Epochs without improvement until training stops, from 1 up. @default 3 */
  patience?: number;
  /** The least change that counts as improvement. @default 0 */
  minDelta?: number;
  /** Whether small or large is good. @default "max" for names with "accuracy" in them, else "min" */
  mode?: "min" | "max";
  /** Put the weights of the best epoch back at the end. @default true */
  restoreBest?: boolean;
}

/** Stops when a metric no longer improves, and remembers the best weights. Numbers only in `state`, for checkpoints. */
export class EarlyStopping {
  state = { best: NaN, bestEpoch: 0, waited: 0 };
  private weights: tf.Tensor[] = [];
  private readonly metric: string;
  private readonly patience: number;
  private readonly minDelta: number;
  private readonly sign: number;
  private readonly restoreBest: boolean;

  constructor(
    options: EarlyStoppingOptions,
    private readonly variables: () => tf.Variable[],
  ) {
    checkOptions("earlyStopping", options, ["metric", "patience", "minDelta", "mode", "restoreBest"]);
    const { metric = "valLoss", patience = 3, minDelta = 0, restoreBest = true } = options;
    const mode = options.mode ?? (/accuracy/i.test(metric) ? "max" : "min");
    this.metric = metric;
    this.patience = checkInteger("earlyStopping", "patience", patience, { min: 1 });
    this.minDelta = checkNumber("earlyStopping", "minDelta", minDelta, { min: 0 });
    this.sign = checkOneOf("earlyStopping", "mode", mode, ["min", "max"]) === "max" ? 1 : -1;
    this.restoreBest = restoreBest;
  }

  /** Looks at an epoch. @returns whether to stop. @throws RangeError where the history has no such column */
  after(row: HistoryRow): boolean {
    const value = row[this.metric];
    if (value === undefined) {
      const columns = Object.keys(row).filter((name) => !["epoch", "step", "seconds"].includes(name));
      const remedy = this.metric.startsWith("val") ? "give fit() a validation set." : undefined;
      refuse("earlyStopping", "metric", columns.join(" or "), this.metric, { remedy });
    }
    const { best } = this.state;
    if (Number.isNaN(best) || this.sign * (value - best) > this.minDelta) {
      this.state = { best: value, bestEpoch: row.epoch, waited: 0 };
      this.remember(this.restoreBest ? this.variables().map((variable) => tf.keep(variable.clone())) : []);
      return false;
    }
    this.state.waited++;
    return this.state.waited >= this.patience;
  }

  /** The weights of the best epoch, and a way to put back those of a checkpoint. */
  get best(): readonly tf.Tensor[] {
    return this.weights;
  }

  remember(weights: tf.Tensor[]): void {
    tf.dispose(this.weights);
    this.weights = weights;
  }

  /** Puts the best weights back where that is wanted. */
  finish(): void {
    const variables = this.weights.length > 0 ? this.variables() : [];
    variables.forEach((variable, i) => variable.assign(this.weights[i]));
  }

  dispose(): void {
    this.remember([]);
  }
}

export interface ConvergedOptions {
  /** The least share by which the training loss must fall from one epoch to the next. @default 0.001 */
  tolerance?: number;
  /** Epochs in a row that fall short, from 1 up. @default 2 */
  patience?: number;
}

/** Stops when the training loss hardly falls any more: `(before - now) / |before| < tolerance`, some epochs in a row. */
export class Convergence {
  private readonly tolerance: number;
  private readonly patience: number;

  constructor(options: ConvergedOptions) {
    checkOptions("converged", options, ["tolerance", "patience"]);
    this.tolerance = checkNumber("converged", "tolerance", options.tolerance ?? 1e-3, { min: 0 });
    this.patience = checkInteger("converged", "patience", options.patience ?? 2, { min: 1 });
  }

  /** Decides from the history alone, so that a resumed run decides as an uninterrupted one. */
  reached(rows: readonly HistoryRow[]): boolean {
    const recent = rows.slice(-this.patience - 1);
    if (recent.length <= this.patience) return false;
    return recent.slice(1).every(({ loss }, i) => {
      const before = recent[i].loss;
      return before - loss < this.tolerance * Math.abs(before);
    });
  }
}
