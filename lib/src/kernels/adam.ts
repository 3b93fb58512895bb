/** Adam's update with its constants made once a step: TensorFlow.js makes and uploads six of them for every variable. */
import { tf } from "../tensorflow";
import { isNative, rawOp } from "./raw-op";

interface Slot {
  originalName: string;
  variable: tf.Variable;
}

interface Adam {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  accBeta1: tf.Variable;
  accBeta2: tf.Variable;
  accumulatedFirstMoment: Slot[];
  accumulatedSecondMoment: Slot[];
  applyGradients: Apply;
  incrementIterations(): void;
}
type Gradients = tf.NamedTensorMap | { name: string; tensor: tf.Tensor }[];
type Apply = ((this: Adam, gradients: Gradients) => void) & { [ORIGINAL]?: Apply };

const ORIGINAL = Symbol.for("nablab.original");

/** `tf.train.adam`: the same operations in the same order, so the same numbers to the last bit, and the same slots. */
export function registerAdam(): void {
  const prototype = tf.AdamOptimizer.prototype as unknown as Adam;
  const original = prototype.applyGradients[ORIGINAL] ?? prototype.applyGradients;
  const replacement: Apply = function (gradients) {
    if (!isNative()) return original.call(this, gradients);
    tf.tidy(() => update(this, gradients));
    this.incrementIterations();
  };
  replacement[ORIGINAL] = original;
  prototype.applyGradients = replacement;
}

/** Kingma and Ba: Adam. ICLR 2015, algorithm 1. */
function update(adam: Adam, gradients: Gradients): void {
  const { beta1, beta2 } = adam;
  const [keep1, keep2, take1, take2] = [beta1, beta2, 1 - beta1, 1 - beta2].map((value) => tf.scalar(value));
  const epsilon = tf.scalar(adam.epsilon);
  const rate = tf.scalar(-adam.learningRate);
  const correction1 = minus(tf.scalar(1), adam.accBeta1);
  const correction2 = minus(tf.scalar(1), adam.accBeta2);
  const named = Array.isArray(gradients)
    ? gradients
    : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
  named.forEach(({ name, tensor: gradient }, i) => {
    const value = tf.engine().registeredVariables[name] as tf.Variable;
    const first = slot(adam.accumulatedFirstMoment, i, value, `${name}/m`);
    const second = slot(adam.accumulatedSecondMoment, i, value, `${name}/v`);
    if (!gradient) return;
    first.assign(plus(times(first, keep1), times(gradient, take1)));
    second.assign(plus(times(second, keep2), times(rawOp("Square", [gradient]), take2)));
    const spread = plus(rawOp("Sqrt", [over(second, correction2)]), epsilon);
    value.assign(plus(times(over(over(first, correction1), spread), rate), value));
  });
  adam.accBeta1.assign(times(adam.accBeta1, keep1));
  adam.accBeta2.assign(times(adam.accBeta2, keep2));
}

function slot(list: Slot[], index: number, like: tf.Tensor, originalName: string): tf.Variable {
  list[index] ??= { originalName, variable: tf.tidy(() => tf.zerosLike(like).variable(false)) };
  return list[index].variable;
}

const plus = (a: tf.Tensor, b: tf.Tensor) => rawOp("AddV2", [a, b]);
const minus = (a: tf.Tensor, b: tf.Tensor) => rawOp("Sub", [a, b]);
const times = (a: tf.Tensor, b: tf.Tensor) => rawOp("Mul", [a, b]);
const over = (a: tf.Tensor, b: tf.Tensor) => rawOp("RealDiv", [a, b]);
