import { checkFunction, refuse } from "../check";
import { tf } from "../tensorflow";
import { LossFunction, lossFunction, LossName } from "./losses";
import { MetricFunction, metricFunctions, Metrics } from "./metrics";

/** What a model is trained for, and what else is watched. */
export interface ObjectiveOptions {
  /**
   * What to make small. @default cross-entropy for class labels (int32 `[size]`), the kind that fits the last layer;
   * else meanSquaredError
   */
  loss?: LossName | LossFunction;
  /** What to watch. @default ["accuracy"] for class labels, else nothing */
  metrics?: Metrics;
}

export interface Objective {
  loss: LossFunction;
  metrics: Record<string, MetricFunction>;
}

/** Chooses and checks loss and metrics for a model and its labels. @throws RangeError, TypeError that say what does not fit */
export function objectiveOf(where: string, model: tf.LayersModel, y: tf.Tensor, options: ObjectiveOptions): Objective {
  const classes = y.dtype === "int32" && y.rank === 1;
  const softmax = endsInSoftmax(model);
  const { loss = classes ? (softmax ? "crossEntropy" : "softmaxCrossEntropy") : "meanSquaredError" } = options;
  if (softmax && (loss === "softmaxCrossEntropy" || loss === (tf.losses.softmaxCrossEntropy as unknown))) {
    refuse(
      where,
      "the last layer",
      "without softmax for the loss softmaxCrossEntropy, which has one inside",
      "softmax" as string,
      {
        remedy: 'leave its activation out, or take loss: "crossEntropy".',
      },
    );
  }
  if (typeof loss !== "string") checkFunction(where, "loss", loss, "a name, or (labels, predictions) => scalar.");
  return {
    loss: lossFunction(where, loss),
    metrics: metricFunctions(where, options.metrics ?? (classes ? ["accuracy"] : [])),
  };
}

function endsInSoftmax({ layers }: tf.LayersModel): boolean {
  const last = layers[layers.length - 1] as unknown as { activation?: { getClassName?(): string } } & tf.layers.Layer;
  return last.getClassName() === "Softmax" || last.activation?.getClassName?.() === "softmax";
}

/** Checks that inputs fit a model: the shape of an example, no NaN, no infinity. @throws RangeError, TypeError */
export function checkInputs(where: string, model: tf.LayersModel, x: tf.Tensor): void {
  const [, ...wanted] = oneShape(where, "input", model.inputs);
  const [, ...got] = x.shape;
  if (wanted.length !== got.length || wanted.some((size, i) => size !== null && size !== got[i])) {
    refuse(
      where,
      "x",
      `a tensor of shape [${["size", ...wanted.map((n) => n ?? "any")].join(", ")}] for this model`,
      x,
    );
  }
  checkNumbers(where, "x", x);
}

/** Checks inputs, and that the last layer has room for the labels. @throws RangeError, TypeError */
export function checkFit(where: string, model: tf.LayersModel, { x, y }: { x: tf.Tensor; y: tf.Tensor }): void {
  checkInputs(where, model, x);
  if (y.dtype !== "int32" || y.rank !== 1) return checkNumbers(where, "y", y);
  const output = oneShape(where, "output", model.outputs);
  const classes = output[output.length - 1] ?? Infinity;
  if (classes === 1) return; // one output for two classes or a number to predict: nothing to be out of range of
  const [low, high] = tf.tidy(() => tf.stack([y.min(), y.max()]).dataSync());
  if (low < 0 || high >= classes) {
    const range = `labels from 0 to ${classes - 1} for the ${classes} outputs of this model`;
    throw new RangeError(`${where} wants y to be ${range}, got labels from ${low} to ${high}.`);
  }
}

function oneShape(where: string, kind: string, tensors: tf.SymbolicTensor[]): (number | null)[] {
  if (tensors.length === 1) return tensors[0].shape;
  throw new RangeError(
    `${where} wants a model with one ${kind}, got ${tensors.length}. Remedy: write the step as a function and give fit() that.`,
  );
}

/** @throws RangeError where a tensor holds NaN or infinity */
export function checkNumbers(where: string, name: string, tensor: tf.Tensor): void {
  if (tensor.dtype !== "float32") return;
  // A sum is NaN or infinite if any number is: one pass, no copy. A finite tensor may overflow it, hence the second look.
  const finite = (make: () => tf.Tensor) => tf.tidy(() => make().dataSync()[0]);
  if (Number.isFinite(finite(() => tensor.sum())) || finite(() => tensor.isFinite().all())) return;
  const bad = tf.tidy(() => tensor.isFinite().logicalNot().sum().dataSync()[0]);
  throw new RangeError(
    `${where} wants ${name} to be finite numbers, got NaN or infinity in ${bad} of ${tensor.size} places. ` +
      "Remedy: look for a division by 0 or missing values where the data are made.",
  );
}
