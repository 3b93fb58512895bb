import { tf } from "../tensorflow";

/** Types as TensorFlow numbers them (`types.proto`). */
export const FLOAT = 1;
export const INT32 = 3;
export const BFLOAT16 = 14;
export const VARIANT = 21;

/** An op's attribute as the binding takes it. */
export interface OpAttribute {
  name: string;
  type: number;
  value: unknown;
}

/** What the binding says of an op's output. */
export interface OutputInfo {
  id: number;
  shape: number[];
  dtype: number;
}

/** How TensorFlow runs a function: which executor, which graph optimisations, compiled by XLA or not. */
export interface FunctionOptions {
  executor?: string;
  config?: Uint8Array;
  xla?: boolean;
}

declare const functionBrand: unique symbol;
/** A function defined in TensorFlow's eager context. */
export type FunctionHandle = { readonly [functionBrand]: true };

/** The entries that `kernel-setup/native/nablab_binding.cc` adds to the package's binding. */
export interface NativeFunctions {
  describeOp(name: string, attributes: OpAttribute[], inputs: number[]): Uint8Array;
  defineFunction(
    name: string,
    graph: Uint8Array,
    inputs: string[],
    outputs: string[],
    options: FunctionOptions,
  ): FunctionHandle;
  removeFunction(name: string): void;
  hasFunction(name: string): boolean;
  runFunction(handle: FunctionHandle, inputs: Int32Array, targets: Int32Array): void;
  tensorShape(id: number): number[];
  /** Runs a graph so often with a clock at every op; returns an encoded `RunMetadata` of each run. */
  profileGraph(
    graph: Uint8Array,
    inputs: string[],
    ids: Int32Array,
    outputs: string[],
    config: Uint8Array,
    runs: number,
  ): Uint8Array[];
}

export interface Binding {
  readonly nablab?: NativeFunctions;
  createTensor(shape: number[], dtype: number, values: ArrayBufferView | Uint8Array[]): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): ArrayBufferView;
  executeOp(name: string, attributes: OpAttribute[], inputs: number[], outputs: number): OutputInfo[];
  runSavedModel(...rest: unknown[]): unknown;
  getNumOfTensors(): number;
}

/** What the backend knows of a tensor's data: `values` until the first op needs it, `id` from then on. */
export interface DataInfo {
  shape: number[];
  dtype: number;
  values: ArrayBufferView | Uint8Array[] | null;
  id: number;
  refCount: number;
}

/** The parts of TensorFlow.js' Node backend that recording and replaying touch. */
export interface NodeBackend {
  binding: Binding;
  isUsingGpuDevice: boolean;
  tensorMap: { get(id: object): DataInfo; has(id: object): boolean; set(id: object, info: DataInfo): void };
  getInputTensorIds(tensors: tf.TensorInfo[]): number[];
  createOutputTensor(output: OutputInfo): tf.Tensor;
  disposeData(dataId: object, force?: boolean): boolean;
  write(values: unknown, shape: number[], dtype: string): object;
  move(dataId: object, values: unknown, shape: number[], dtype: string, refCount: number): void;
  read(dataId: object): Promise<unknown>;
  readSync(dataId: object): unknown;
}

/** The backend together with the entries that the stock binding lacks. */
export interface NativeBackend {
  backend: NodeBackend;
  binding: Binding;
  native: NativeFunctions;
}

/** The running backend if it can define functions: native TensorFlow with nablab's binding. */
export function nativeBackend(): NativeBackend | undefined {
  if (tf.getBackend() !== "tensorflow") return undefined;
  const backend = tf.backend() as unknown as NodeBackend;
  const native = backend.binding?.nablab;
  return native && { backend, binding: backend.binding, native };
}

/** The tensor's id in the binding; uploads its values first if no op has needed them yet. */
export function upload({ backend, binding }: NativeBackend, dataId: object): DataInfo {
  const info = backend.tensorMap.get(dataId);
  if (info.values !== null) {
    info.id = binding.createTensor(info.shape, info.dtype, info.values);
    info.values = null;
  }
  return info;
}
