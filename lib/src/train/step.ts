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
