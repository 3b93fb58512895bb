import { checkInteger, checkOptions, checkTensor } from "../check";
import { checkExamples, Examples, take } from "../data/examples";
import { batches } from "../data/batches";
import { FAST, shorten } from "../fast";
import { interruptSignal } from "../progress";
import { tf } from "../tensorflow";
import { breather } from "./breathe";
import { Meter } from "./meter";
import { checkFit, checkInputs, Objective, objectiveOf, ObjectiveOptions } from "./objective";

export interface EvaluateOptions extends ObjectiveOptions {
  /** Examples at a time: more is faster until memory runs out. @default 256 */
  batchSize?: number;
  /** Stops it. @default the notebook's Stop button */
  signal?: AbortSignal;
}

/** How good a model is on some examples. */
export interface Evaluation {
  loss: number;
  accuracy?: number;
  /** How many examples were looked at: all, but for fast mode. */
  examples: number;
  [metric: string]: number | undefined;
}

/**
 * The mean loss and metrics of a model over examples, without dropout and other training behaviour.
 *
 * In fast mode (`NABLAB_FAST=1`) over the first `FAST.examples`; `examples` says so.
 *
 * @throws RangeError, TypeError where the examples do not fit the model; what the signal was aborted with
 */
export async function evaluate(
  model: tf.LayersModel,
  set: Examples,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  checkOptions("evaluate()", options, ["loss", "metrics", "batchSize", "signal"]);
  checkExamples("evaluate()", set);
  checkFit("evaluate()", model, set);
  return measure(model, set, objectiveOf("evaluate()", model, set.y, options), options);
}

/** `evaluate` after its checks: what fit calls after every epoch. */
export async function measure(
  model: tf.LayersModel,
  set: Examples,
  { loss, metrics }: Objective,
  { batchSize = 256, signal = interruptSignal() }: Pick<EvaluateOptions, "batchSize" | "signal">,
): Promise<Evaluation> {
  checkInteger("evaluate()", "batchSize", batchSize, { min: 1 });
  const size = shorten(set.size, FAST.examples);
  const part = size < set.size ? take(set, size) : set;
  const meter = new Meter();
  const breathe = breather();
  try {
    for (const { x, y, size: count } of batches(part, { batchSize, shuffle: false })) {
      signal.throwIfAborted();
      const values = tf.tidy(() => {
        const predictions = model.apply(x, { training: false }) as tf.Tensor;
        const watched = Object.entries(metrics).map(([name, metric]) => [name, metric(y, predictions)] as const);
        return { loss: loss(y, predictions) as tf.Tensor, ...Object.fromEntries(watched) };
      });
      meter.add(values, count);
      await breathe();
    }
    await meter.read();
    return { ...meter.means(), examples: size };
  } finally {
    meter.dispose();
    if (part !== set) part.dispose();
  }
}

/**
 * What a model says about inputs, a batch at a time.
 *
 * @param x inputs, `[size, …]`
 * @returns `[size, …]`, to be disposed of by the caller
 */
export function predict(
  model: tf.LayersModel,
  x: tf.Tensor,
  { batchSize = 256 }: { batchSize?: number } = {},
): tf.Tensor {
  checkInteger("predict()", "batchSize", batchSize, { min: 1 });
  checkTensor("predict()", "x", x);
  checkInputs("predict()", model, x);
  return tf.tidy(() => {
    const parts: tf.Tensor[] = [];
    for (let start = 0; start < x.shape[0]; start += batchSize) {
      const count = Math.min(batchSize, x.shape[0] - start);
      parts.push(tf.tidy(() => model.apply(tf.slice(x, start, count), { training: false }) as tf.Tensor));
    }
    return parts.length === 1 ? parts[0] : tf.concat(parts);
  });
}

/** The class with the largest prediction for each input, as plain integers `[size]`. */
export function predictLabels(model: tf.LayersModel, x: tf.Tensor, options: { batchSize?: number } = {}): Int32Array {
  return tf.tidy(() => predict(model, x, options).argMax(-1).dataSync() as Int32Array);
}
