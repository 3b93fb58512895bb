import { compile, Compiled, CompileError, CompileOptions } from "../capture";
import { Snapshot } from "../capture/variables";
import { checkTensor } from "../check";
import { tf } from "../tensorflow";
import { Objective } from "./objective";

/** One step as fit runs it: tensors in, the loss and the metrics out as scalars that belong to the caller. */
export type TensorStep = (x: tf.Tensor, y: tf.Tensor) => Record<string, tf.Tensor> & { loss: tf.Tensor };

/**
 * A step of one's own: does everything, also the update, and returns the loss, or the loss with metrics.
 *
 * @example ({ x, y }) => optimizer.minimize(() => tf.losses.softmaxCrossEntropy(y, model(x)), true)!
 */
export type StepFunction<X extends tf.Tensor = tf.Tensor, Y extends tf.Tensor = tf.Tensor> = (batch: {
  x: X;
  y: Y;
}) => tf.Scalar | ({ loss: tf.Scalar } & Record<string, tf.Scalar>);

/** The variables that training changes, in the model's order. */
export function trainableVariables(model: tf.LayersModel): tf.Variable[] {
  return model.trainableWeights.map((weight) => weight.read() as tf.Variable);
}

/** Forward, loss, gradients, update. Reads nothing back, so that a step can be recorded, or be queued on a device. */
export function modelStep(model: tf.LayersModel, optimizer: tf.Optimizer, { loss, metrics }: Objective): TensorStep {
  const variables = trainableVariables(model);
  return (x, y) => {
    const watched: Record<string, tf.Tensor> = {};
    try {
      const cost = optimizer.minimize(
        () => {
          const predictions = model.apply(x, { training: true }) as tf.Tensor;
          // Kept: what is made while gradients are recorded is freed afterwards, but for the loss.
          for (const [name, metric] of Object.entries(metrics)) watched[name] = tf.keep(metric(y, predictions));
          return loss(y, predictions);
        },
        true,
        variables,
      );
      return { loss: cost!, ...watched };
    } catch (error) {
      tf.dispose(watched);
      throw error;
    }
  };
}

/** Gives a step of one's own the form that fit runs. What it leaves behind besides its results is freed. */
export function functionStep(step: StepFunction): TensorStep {
  return (x, y) =>
    tf.tidy(() => {
      const result = step({ x, y });
      if (result instanceof Promise) {
        throw new TypeError(
          "fit() wants a step that returns its loss, got a promise. Remedy: no async, no await inside.",
        );
      }
      const named = result instanceof tf.Tensor ? { loss: result } : result;
      const remedy = "return the scalar loss, or { loss, …metrics }.";
      if (typeof named !== "object" || !(named?.loss instanceof tf.Tensor)) {
        throw new TypeError(`fit() wants the step to return a loss, got ${typeof result}. Remedy: ${remedy}`);
      }
      for (const [name, value] of Object.entries(named)) {
        const tensor = checkTensor("fit()", name, value);
        if (tensor.shape.length > 0) {
          throw new RangeError(
            `fit() wants ${name} to be a scalar, got [${tensor.shape.join(", ")}]. Remedy: ${remedy}`,
          );
        }
      }
      return named;
    });
}

/** A step as `fit` calls it, with what it holds. */
export interface RunnableStep {
  step: TensorStep;
  /** Frees what was recorded. */
  dispose(): void;
}

/**
 * Lets a step run at graph speed: recorded at the first batch of each shape, run as one TensorFlow function from then on.
 *
 * Recording runs the step in JavaScript, and what that does is taken back: every step that counts is a replay. So a
 * training that goes on from a checkpoint, which has to record again, gets the same numbers to the last bit.
 *
 * @param wanted false runs it as it is; true or options of `compile` insist, and what cannot be recorded is an error;
 *   undefined tries, and says so where it runs as it is
 */
export function recorded(step: TensorStep, wanted: boolean | CompileOptions | undefined): RunnableStep {
  if (wanted === false) return { step, dispose() {} };
  const fast = compile(step, typeof wanted === "object" ? wanted : {});
  const shapes = new Set<string>();
  let run: TensorStep = (x, y) => {
    const shape = `${x.shape}/${y.shape}`;
    if (!shapes.has(shape)) {
      shapes.add(shape);
      record(fast, x, y);
      // A stock binding, or WebAssembly; compile() has said so.
      if (!fast.stats().compiled) run = step;
      return run(x, y);
    }
    return fast(x, y);
  };
  const runOrGiveUp: TensorStep = (x, y) => {
    try {
      return run(x, y);
    } catch (error) {
      if (wanted || !(error instanceof CompileError)) throw error;
      // A recording that fails leaves all variables as they were, so the step has not been taken yet.
      console.warn(`nablab: fit() trains without compile(), which makes it slower: ${error.message}`);
      run = step;
      return step(x, y);
    }
  };
  return { step: runOrGiveUp, dispose: () => fast.dispose() };
}

/**
 * Calls until there is a recording, and takes back what the calls did: the first one makes an optimizer's slots, and only
 * the next one is recorded.
 */
export function record<A extends unknown[], R extends tf.TensorContainer>(
  fast: Compiled<(...values: A) => R>,
  ...values: A
): void {
  const before = fast.stats().recordings;
  do {
    const variables = new Snapshot();
    try {
      tf.dispose(fast(...values));
    } finally {
      variables.restore();
    }
  } while (fast.stats().compiled && fast.stats().recordings === before);
}
