/**
 * The seam to TensorFlow itself: any of its 1,400 ops by name, and new kernels and gradients in TensorFlow.js' registry,
 * where plain `tf.*` code finds them.
 */
import { tf } from "../tensorflow";

/** What the Node backend offers below its kernels. */
interface RawBackend {
  binding: Record<`TF_ATTR_${"TYPE" | "INT" | "FLOAT" | "BOOL" | "STRING"}`, number>;
  executeMultipleOutputs(name: string, attributes: object[], inputs: tf.TensorInfo[], outputs: number): tf.Tensor[];
  getDTypeInteger(dtype: tf.DataType): number;
}

/** The attributes of an op; types that TensorFlow infers from the inputs may be left out. */
export interface Attributes {
  [name: string]: Attribute;
}
type Attribute = { type: tf.DataType } | { int: number | number[] } | { float: number } | boolean | string;

/** True where TensorFlow itself computes, and raw ops can be run. */
export function isNative(): boolean {
  return tf.getBackend() === "tensorflow";
}

/** Runs a TensorFlow op with one output. Not on the gradient tape: meant for the inside of kernels. */
export function rawOp<T extends tf.Tensor = tf.Tensor>(
  name: string,
  inputs: readonly tf.TensorInfo[],
  attributes: Attributes = {},
): T {
  return rawOps(name, inputs, 1, attributes)[0] as T;
}

/** Runs a TensorFlow op with several outputs. The caller owns them all. */
export function rawOps(
  name: string,
  inputs: readonly tf.TensorInfo[],
  outputs: number,
  attributes: Attributes = {},
): tf.Tensor[] {
  const backend = tf.backend() as unknown as RawBackend;
  const encoded = Object.entries(attributes).map(([key, value]) => encode(backend, key, value));
  return backend.executeMultipleOutputs(name, encoded, inputs as tf.TensorInfo[], outputs);
}

function encode(backend: RawBackend, name: string, value: Attribute): object {
  const { TF_ATTR_TYPE, TF_ATTR_INT, TF_ATTR_FLOAT, TF_ATTR_BOOL, TF_ATTR_STRING } = backend.binding;
  if (typeof value === "boolean") return { name, type: TF_ATTR_BOOL, value };
  if (typeof value === "string") return { name, type: TF_ATTR_STRING, value };
  if ("int" in value) return { name, type: TF_ATTR_INT, value: value.int };
  if ("float" in value) return { name, type: TF_ATTR_FLOAT, value: value.float };
  return { name, type: TF_ATTR_TYPE, value: backend.getDTypeInteger(value.type) };
}

/** Tensors by name, as kernels get them. */
export type Inputs = Record<string, tf.Tensor>;
/** What a kernel of TensorFlow.js is told besides its inputs. */
export type KernelAttributes = Record<string, unknown>;

/**
 * Registers a kernel of the native backend, in the place of TensorFlow.js' own where it has one.
 *
 * @param run must return new tensors, and dispose of what it makes on the way
 */
export function defineKernel(
  kernelName: string,
  run: (inputs: Inputs, attributes: KernelAttributes) => tf.TensorInfo | tf.TensorInfo[],
): void {
  if (tf.getKernel(kernelName, "tensorflow")) tf.unregisterKernel(kernelName, "tensorflow");
  tf.registerKernel({
    kernelName,
    backendName: "tensorflow",
    kernelFunc: ({ inputs, attrs }) => run(inputs as Inputs, (attrs ?? {}) as KernelAttributes),
  });
}

/** The gradient of a kernel: for each input that has one, a function that computes it. */
export type GradientOf = (
  dy: tf.Tensor,
  saved: tf.Tensor[],
  attributes: KernelAttributes,
) => Record<string, () => tf.Tensor>;

export interface SavedTensors {
  /** Names of the inputs that the gradient needs. They come first in `saved`, in this order. @default [] */
  inputs?: string[];
  /** Which outputs it needs. @default none */
  outputs?: boolean[];
}

const ORIGINAL = Symbol.for("nablab.original");
type Marked = tf.GradFunc & { [ORIGINAL]?: GradientOf };

/**
 * Registers the gradient of a kernel, in the place of TensorFlow.js' own where it has one. What it computes with kernels
 * that have gradients, can be differentiated again. TensorFlow.js knows one gradient for all backends, so on others than
 * the native one its own goes on, and must make do with what is saved here.
 *
 * @param elsewhere the gradient on other backends, in the place of TensorFlow.js' own
 */
export function defineGradient(
  kernelName: string,
  { inputs = [], outputs = [] }: SavedTensors,
  gradient: GradientOf,
  elsewhere?: GradientOf,
): void {
  const present = tf.getGradient(kernelName)?.gradFunc as Marked | undefined;
  const original = elsewhere ?? present?.[ORIGINAL] ?? (present as unknown as GradientOf | undefined) ?? gradient;
  const gradFunc: Marked = (dy, saved, attributes) =>
    (isNative() ? gradient : original)(dy as tf.Tensor, saved, attributes as KernelAttributes);
  gradFunc[ORIGINAL] = original;
  if (present) tf.unregisterGradient(kernelName);
  tf.registerGradient({ kernelName, inputsToSave: inputs, outputsToSave: outputs, gradFunc });
}

/** TensorFlow.js' own gradient of a kernel, even after another was defined. */
export function originalGradient(kernelName: string): GradientOf {
  const present = tf.getGradient(kernelName).gradFunc as Marked;
  return present[ORIGINAL] ?? (present as unknown as GradientOf);
}

/** Runs a registered kernel, on the gradient tape. */
export function runKernel<T extends tf.Tensor | tf.Tensor[] = tf.Tensor>(
  name: string,
  inputs: Inputs,
  attributes: KernelAttributes = {},
): T {
  return tf.engine().runKernel(name, inputs, attributes as never) as unknown as T;
}
