import { CompileOptions } from "../capture";
import { Examples } from "../data/examples";
import { ProgressOption } from "../progress";
import { tf } from "../tensorflow";
import { CheckpointOptions } from "./checkpoint";
import { History, HistoryRow } from "./history";
import { ObjectiveOptions } from "./objective";
import { ConvergedOptions, EarlyStoppingOptions } from "./stopping";

/** Options of `fit`. */
export interface FitOptions extends ObjectiveOptions {
  /** How often to go through all examples, from 1 up; in fast mode at most 2. @default 10 */
  epochs?: number;
  /** Examples in a step, from 1 up. @default 32 */
  batchSize?: number;
  /** A new random order for every epoch. @default true */
  shuffle?: boolean;
  /** Where the orders, dropout and all other draws of `tf.random*` in the training come from. @default 0 */
  seed?: number | string;
  /** Leave out the last batch of an epoch where it is smaller, so that all have one shape. @default false */
  dropLast?: boolean;
  /**
   * How the weights change. For a step of one's own: the one that it uses, or all of them, so that a checkpoint can hold
   * their state.
   * @default for a model the one that `model.compile` was given, else Adam with rate 0.001
   */
  optimizer?: tf.Optimizer | readonly tf.Optimizer[];
  /** For a step of one's own: the variables that it trains. Checkpoints and early stopping need them. */
  variables?: readonly tf.Variable[];
  /** Measured after every epoch: examples; for a step of one's own a function that returns numbers. */
  validation?: Examples | (() => Record<string, number> | Promise<Record<string, number>>);
  /** Called after every epoch; awaited. */
  onEpochEnd?: (row: HistoryRow, history: History) => unknown;
  /** Called at most four times a second while training, and at the end: for live charts. */
  onUpdate?: (history: History) => unknown;
  /** Stop when a metric no longer improves. @default no */
  earlyStopping?: boolean | EarlyStoppingOptions;
  /** Stop when the training loss hardly falls any more. @default no */
  converged?: boolean | ConvergedOptions;
  /** Write the state to a file, and go on from it. */
  checkpoint?: string | CheckpointOptions;
  /** How to show progress: steps, rate, time left, loss. @default true */
  progress?: ProgressOption;
  /** Stops training at the next step, besides the notebook's Stop button. */
  signal?: AbortSignal;
  /**
   * Record the step once and run it as one TensorFlow function from then on, with these options of `compile` where given:
   * `{ precision: "bfloat16" }`. @default for a model true where it can be recorded; for a step of one's own false, since a
   * recording does not count, print or read values again
   */
  compile?: boolean | CompileOptions;
}

/** The names above, to refuse misspelt ones. */
export const FIT_OPTIONS: readonly (keyof FitOptions)[] = [
  "epochs",
  "batchSize",
  "shuffle",
  "seed",
  "dropLast",
  "optimizer",
  "variables",
  "loss",
  "metrics",
  "validation",
  "onEpochEnd",
  "onUpdate",
  "earlyStopping",
  "converged",
  "checkpoint",
  "progress",
  "signal",
  "compile",
];
