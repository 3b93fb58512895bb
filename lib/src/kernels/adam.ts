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
  /** Set by `joinUpdates`. */
  joins?: boolean;
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

/** Elements up to which joining variables costs less than it saves. */
const SMALL = 2 ** 14;

/**
 * Lets an optimizer of `tf.train.adam` update all small variables as one vector, for an op costs more there than its
 * arithmetic. The numbers are the same to the last bit, but for XLA, which rounds as it puts ops together.
 */
export function joinUpdates(optimizer: tf.Optimizer): void {
  (optimizer as unknown as Adam).joins = true;
}

interface Updated {
  value: tf.Tensor;
  first: tf.Tensor;
  second: tf.Tensor;
  gradient: tf.Tensor;
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
  const all = named.map(({ name, tensor: gradient }, i): Updated => {
    const value = tf.engine().registeredVariables[name] as tf.Variable;
    const first = slot(adam.accumulatedFirstMoment, i, value, `${name}/m`);
    const second = slot(adam.accumulatedSecondMoment, i, value, `${name}/v`);
    return { value, first, second, gradient };
  });
  const updated = all.filter(({ gradient }) => gradient);
  const joins = ({ value }: Updated) => adam.joins && value.size <= SMALL;
  const small = updated.filter(joins);
  const groups = updated.filter((one) => !joins(one)).map((one) => [one]);
  for (const group of small.length > 0 ? [small, ...groups] : groups) {
    const whole = (key: keyof Updated) => joined(group.map((one) => one[key]));
    const assign = (key: keyof Updated, to: tf.Tensor) => {
      const like = group.map((one) => one[key]);
      parted(to, like).forEach((tensor, i) => (like[i] as tf.Variable).assign(tensor));
    };
    const gradient = whole("gradient");
    const first = plus(times(whole("first"), keep1), times(gradient, take1));
    const second = plus(times(whole("second"), keep2), times(rawOp("Square", [gradient]), take2));
    const spread = plus(rawOp("Sqrt", [over(second, correction2)]), epsilon);
    const value = plus(times(over(over(first, correction1), spread), rate), whole("value"));
    assign("first", first);
    assign("second", second);
    assign("value", value);
  }
  adam.accBeta1.assign(times(adam.accBeta1, keep1));
  adam.accBeta2.assign(times(adam.accBeta2, keep2));
}

/** Tensors end to end as one vector; one alone stays as it is. */
const joined = (tensors: tf.Tensor[]) =>
  tensors.length === 1 ? tensors[0] : tf.concat(tensors.map((tensor) => tf.reshape(tensor, [-1])));

/** Cuts what `joined` made. @param like what it was made of */
function parted(whole: tf.Tensor, like: tf.Tensor[]): tf.Tensor[] {
  if (like.length === 1) return [whole];
  const sizes = like.map(({ size }) => size);
  return tf.split(whole, sizes).map((part, i) => tf.reshape(part, like[i].shape));
}

function slot(list: Slot[], index: number, like: tf.Tensor, originalName: string): tf.Variable {
  list[index] ??= { originalName, variable: tf.tidy(() => tf.zerosLike(like).variable(false)) };
  return list[index].variable;
}

const plus = (a: tf.Tensor, b: tf.Tensor) => rawOp("AddV2", [a, b]);
const minus = (a: tf.Tensor, b: tf.Tensor) => rawOp("Sub", [a, b]);
const times = (a: tf.Tensor, b: tf.Tensor) => rawOp("Mul", [a, b]);
const over = (a: tf.Tensor, b: tf.Tensor) => rawOp("RealDiv", [a, b]);
