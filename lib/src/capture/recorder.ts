/**
 * Records what a function does to tensors while it runs for real. Every kernel of TensorFlow.js' Node backend ends in
 * `binding.executeOp`; host data enter through `createTensor` and leave through the backend's `read` and `readSync`.
 * Those few doors are watched for the time of one run.
 */
import { tf } from "../tensorflow";
import { Attributes, attributesOf } from "./graph";
import { DataInfo, NativeBackend, OpAttribute, OutputInfo, upload } from "./native";
import { Part, Parts } from "./part";
import { CompileError, Place, withDeepStacks } from "./refuse";

/** Output `output` of step number `step` of a recording. */
export interface Ref {
  step: number;
  output: number;
}

/** An op that ran. */
export interface OpStep {
  kind: "op";
  op: string;
  /** Complete, with what TensorFlow infers from the inputs. */
  attributes: Attributes;
  inputs: Ref[];
  outputs: { dtype: number; shape: number[] }[];
  place: Place;
  part: Part;
}

/** Values that JavaScript made during the run: shapes, axes, scalars, tables. */
export interface ConstantStep {
  kind: "constant";
  dtype: number;
  shape: number[];
  content: Uint8Array;
  place: Place;
}

/** Something that exists before the run and is looked up anew at each call. */
export interface SourceStep {
  kind: "argument" | "variable" | "captured";
  /** Which argument, variable or captured tensor. */
  index: number;
  dtype: number;
  shape: number[];
}

/** What is known before the run, by dataId: which argument or variable it is. */
export type Sources = Map<object, Pick<SourceStep, "kind" | "index">>;

export type Step = OpStep | ConstantStep | SourceStep;

/** All that one run did. */
export interface Recording {
  steps: Step[];
  /** Tensors from outside that the run read, in order of first use; `index` of "captured" steps. */
  captured: Captured[];
  /** Optimizers that updated variables, in order of first use. */
  optimizers: tf.Optimizer[];
  refOf(dataId: object): Ref | undefined;
  /** Tensors made in the run that outlive it, by id: the step that made it. */
  alive: Map<number, Ref>;
}

export interface Captured {
  dataId: object;
  /** Keeps the shape for messages after the tensor is gone. */
  shape: number[];
  place: Place;
}

/** Ops whose result has a shape that depends on values: a graph with fixed shapes cannot hold them. */
const SHAPE_FROM_VALUES = /^(Where|Unique|UniqueV2|NonMaxSuppressionV\d|DynamicPartition|ListDiff|StringSplit)$/;

/** Runs `body`, which must not be async, and records it. Whatever `body` throws passes through; the doors are closed again. */
export function record<T>(native: NativeBackend, sources: Sources, body: () => T): { result: T; recording: Recording } {
  const { backend, binding } = native;
  const steps: Step[] = [];
  const captured: Captured[] = [];
  const optimizers = new Set<tf.Optimizer>();
  const refs = new Map<number, Ref>();
  const alive = new Map<number, Ref>();
  const born = new WeakSet<object>();
  const parts = new Parts();
  let refusal: CompileError | undefined;

  const refuse = (op: string, reason: string, remedy: string): never => {
    refusal ??= new CompileError(op, reason, remedy, new Place().line());
    throw refusal;
  };
  const add = (step: Step): number => steps.push(step) - 1;
  const own = (id: number, ref: Ref): void => {
    refs.set(id, ref);
    alive.set(id, ref);
  };
  const source = (info: DataInfo, found: Pick<SourceStep, "kind" | "index">): Ref => {
    const ref = { step: add({ ...found, dtype: info.dtype, shape: info.shape }), output: 0 };
    refs.set(info.id, ref);
    return ref;
  };
  /** A tensor that was there before the run, met for the first time. */
  const meet = (dataId: object): Ref => {
    const info = upload(native, dataId);
    const known = refs.get(info.id);
    if (known !== undefined) return known;
    const found = sources.get(dataId);
    if (found !== undefined) return source(info, found);
    captured.push({ dataId, shape: info.shape, place: new Place() });
    return source(info, { kind: "captured", index: captured.length - 1 });
  };
  const refOfId = (id: number, op: string): Ref =>
    refs.get(id) ??
    refuse(op, "one of its inputs is a tensor that TensorFlow.js does not know", "Use tf.Tensor objects");

  const executeOp = (op: string, attributes: OpAttribute[], inputs: number[], count: number): OutputInfo[] => {
    if (SHAPE_FROM_VALUES.test(op)) {
      refuse(op, "the shape of its result depends on values", "Use tf.where or a mask of fixed shape instead");
    }
    const described = attributesOf(native.native.describeOp(op, attributes, inputs));
    const results = binding.executeOp(op, attributes, inputs, count);
    const step = add({
      kind: "op",
      op,
      attributes: described,
      inputs: inputs.map((id) => refOfId(id, op)),
      outputs: results.map(({ dtype, shape }) => ({ dtype, shape })),
      place: new Place(),
      part: parts.now(),
    });
    results.forEach(({ id }, output) => own(id, { step, output }));
    return results;
  };
  const createTensor: typeof binding.createTensor = (shape, dtype, values) => {
    if (!ArrayBuffer.isView(values)) {
      return refuse("a tensor of strings", "strings have no place in a training step", "Make it outside of the step");
    }
    const id = binding.createTensor(shape, dtype, values);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
    own(id, {
      step: add({ kind: "constant", dtype, shape: shape.slice(), content: bytes, place: new Place() }),
      output: 0,
    });
    return id;
  };
  const deleteTensor = (id: number): void => {
    alive.delete(id);
    binding.deleteTensor(id);
  };
  const reading = (dataId: object): void => {
    // What JavaScript made in this very run and no op has touched is a constant, and reading it back is harmless.
    if (born.has(dataId) && backend.tensorMap.get(dataId)?.values != null) return;
    refuse(
      "reading a tensor's values (dataSync, data, array, print)",
      "JavaScript would see this call's values only, and they would be frozen into all later calls",
      "Return the tensor and read it outside of the step, or use tf.where instead of an if",
    );
  };

  const { getInputTensorIds, write, move, read, readSync } = backend;
  const watching = Object.defineProperties(Object.create(binding), {
    executeOp: { value: executeOp },
    createTensor: { value: createTensor },
    deleteTensor: { value: deleteTensor },
    tensorDataSync: { value: (id: number) => (refs.has(id), reading({})) },
    runSavedModel: {
      value: () => refuse("a SavedModel", "it runs in a session of its own", "Run it outside of the step"),
    },
  }) as typeof binding;
  const watch: Partial<typeof backend> = {
    binding: watching,
    getInputTensorIds(tensors) {
      for (const { dataId } of tensors) {
        // Int64Scalar has no dataId: it is a constant that the backend makes on the spot.
        if (dataId === undefined || born.has(dataId)) continue;
        if (!refs.has(backend.tensorMap.get(dataId).id)) meet(dataId);
      }
      return getInputTensorIds.call(backend, tensors);
    },
    write(...values) {
      const dataId = write.apply(backend, values);
      born.add(dataId);
      return dataId;
    },
    move(dataId, ...rest) {
      born.add(dataId);
      move.call(backend, dataId, ...rest);
    },
    read(dataId) {
      reading(dataId);
      return read.call(backend, dataId);
    },
    readSync(dataId) {
      reading(dataId);
      return readSync.call(backend, dataId);
    },
  };
  const increment = tf.Optimizer.prototype as unknown as { incrementIterations(): void };
  const { incrementIterations } = increment;
  increment.incrementIterations = function (this: tf.Optimizer) {
    optimizers.add(this);
    incrementIterations.call(this);
  };
  const before = Object.keys(watch).map((key) => [key, Object.getOwnPropertyDescriptor(backend, key)] as const);
  Object.assign(backend, watch);
  try {
    const result = withDeepStacks(body);
    // An error of ours may have been caught by the function, or lost in a promise that nobody awaits.
    if (refusal !== undefined) throw refusal;
    const refOf = (dataId: object): Ref | undefined => {
      const info = backend.tensorMap.get(dataId);
      return info && refs.get(info.id);
    };
    return { result, recording: { steps, captured, optimizers: [...optimizers], refOf, alive } };
  } finally {
    increment.incrementIterations = incrementIterations;
    for (const [key, descriptor] of before) {
      if (descriptor) Object.defineProperty(backend, key, descriptor);
      else delete backend[key as keyof typeof backend]; // shows the class's own method again
    }
  }
}
