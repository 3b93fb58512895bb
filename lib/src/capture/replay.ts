/**
 * The hot path: one call of a recorded step is one call of a TensorFlow function. Everything that can be known before is
 * worked out in the constructor; a call fills in ids, runs, and wraps the results.
 */
import { tf } from "../tensorflow";
import { Input, plan, Plan, Precision } from "./build";
import { attribute, End, Graph } from "./graph";
import { FunctionHandle, FunctionOptions, NativeBackend, upload } from "./native";
import { FORMS } from "./numbers";
import { AS_IT_IS, OpTime, opTimes } from "./op-times";
import { Ref, Step } from "./recorder";
import { rebuild, Leaves, Structure } from "./structure";
import { Trace } from "./trace";
import { setValue, VariableSlot } from "./variables";

/** Looks up what a trace refers to, fresh at every call, and writes results back. */
export class Replay {
  readonly plan: Plan;
  private readonly ids: Int32Array;
  private readonly slots: (VariableSlot | undefined)[] = [];
  private readonly fill: ((leaves: Leaves) => void)[] = [];
  private readonly assigned: VariableSlot[];
  private readonly scalars: { value: number; id: number }[] = [];
  private readonly targets: Int32Array;

  constructor(
    private readonly native: NativeBackend,
    readonly trace: Trace,
    precision: Precision,
  ) {
    this.plan = plan(trace, precision);
    this.ids = new Int32Array(this.plan.inputs.length);
    this.plan.inputs.forEach((input, at) => this.fill.push(this.filler(input, at)));
    this.assigned = trace.assigned.map(({ variable }) => this.slot(variable));
    this.targets = new Int32Array(trace.outputs.length + this.assigned.length);
  }

  /** Whether the optimizers are still set up as they were at recording. */
  valid(): boolean {
    return this.trace.guards.every(({ object, key, value }) => Object.is(object[key], value));
  }

  /** Writes the function's graph and hands it to TensorFlow. */
  define(name: string, options: FunctionOptions): { handle: FunctionHandle; ops: number; places: Map<string, Step> } {
    const { graph, inputs, results, places } = this.write();
    const handle = this.native.native.defineFunction(name, graph.finish(), inputs, results, options);
    return { handle, ops: graph.size, places };
  }

  /** Times the ops of the graph on one call's arguments, which changes nothing. */
  opTimes(leaves: Leaves, runs: number): OpTime[] {
    const { graph, inputs, results, places } = this.write();
    for (const fill of this.fill) fill(leaves);
    const { profileGraph } = this.native.native;
    return opTimes(profileGraph(graph.finish(), inputs, this.ids, results, AS_IT_IS, runs), places);
  }

  private write(): { graph: Graph; inputs: End[]; results: End[]; places: Map<string, Step> } {
    const graph = new Graph();
    const places = new Map<string, Step>();
    const inputs = this.plan.inputs.map((input) => graph.placeholder(input.dtype, input.shape, this.inputName(input)));
    const end = this.plan.emit(graph, inputs, places);
    const results = [...this.trace.outputs, ...this.trace.assigned.map(({ ref }) => ref)].map((ref) => {
      const { dtype } = this.about(ref);
      return graph.node("Identity", [end(ref)], [["T", attribute.type(dtype)]]);
    });
    return { graph, inputs, results, places };
  }

  /** The results, in order. */
  outputs(): { dtype: number; shape: number[]; ref: Ref }[] {
    return this.trace.outputs.map((ref) => ({ ...this.about(ref), ref }));
  }

  /** What the step assigns, and which input it is; -1 where the step assigns to a variable without reading it. */
  assignedInputs(): { input: number; dtype: number; shape: number[]; ref: Ref }[] {
    return this.trace.assigned.map(({ variable, ref }) => {
      const input = this.plan.inputs.findIndex(({ kind, index }) => kind === "variable" && index === variable);
      return { input, ref, ...this.about(ref) };
    });
  }

  /**
   * Runs the function on one call's arguments.
   * @param steps of a loop: its results have one more axis in front
   */
  call(handle: FunctionHandle, leaves: Leaves, steps?: number): unknown {
    const { trace, ids, targets, fill, assigned, native } = this;
    for (let i = 0; i < fill.length; i++) fill[i](leaves);
    const results = trace.outputs.length;
    for (let i = 0; i < results; i++) targets[i] = -1;
    for (let i = 0; i < assigned.length; i++) {
      const info = assigned[i].info();
      // Values that a clone or another variable shares must stay as they are for those.
      targets[results + i] = info.refCount === 1 ? info.id : -1;
    }
    native.native.runFunction(handle, ids, targets);
    for (let i = 0; i < assigned.length; i++) this.store(i, targets[results + i]);
    for (const optimizer of trace.recording.optimizers) count(optimizer, steps ?? 1);
    return this.wrap(trace.result, targets, steps);
  }

  /** Frees what the replay itself holds in TensorFlow. */
  dispose(): void {
    for (const { id } of this.scalars) if (id >= 0) this.native.binding.deleteTensor(id);
    this.scalars.length = 0;
  }

  private store(index: number, id: number): void {
    const slot = this.assigned[index];
    const info = slot.info();
    if (id === info.id) return; // replaced in place
    const { shape, dtype } = info;
    setValue(slot.variable, this.native.backend.createOutputTensor({ id, shape, dtype }));
  }

  /** Type and shape of what a step of the recording gave. */
  about({ step, output }: Ref): { dtype: number; shape: number[] } {
    const source = this.trace.recording.steps[step];
    const { dtype, shape } = source.kind === "op" ? source.outputs[output] : source;
    return { dtype, shape };
  }

  private wrap(structure: Structure, targets: Int32Array, steps?: number): unknown {
    const tensors = this.trace.outputs.map((ref, i) => {
      const { dtype, shape } = this.about(ref);
      const full = steps === undefined ? shape : [steps, ...shape];
      return this.native.backend.createOutputTensor({ id: targets[i], shape: full, dtype });
    });
    return structure.kind === "tensor" ? tensors[0] : rebuild(structure, { tensors, numbers: [] });
  }

  private slot(index: number): VariableSlot {
    return (this.slots[index] ??= new VariableSlot(this.native, this.trace.variables[index]));
  }

  private filler(input: Input, at: number): (leaves: Leaves) => void {
    const { native, ids, trace } = this;
    const { index } = input;
    switch (input.kind) {
      case "argument":
        return ({ tensors }) => void (ids[at] = upload(native, tensors[index].dataId).id);
      case "variable": {
        const slot = this.slot(index);
        return () => void (ids[at] = slot.info().id);
      }
      case "captured":
        return this.capturedFiller(index, at);
      case "number": {
        const scalar = { value: NaN, id: -1 };
        this.scalars.push(scalar);
        const source = trace.numbers[index];
        const apply = FORMS[input.form];
        const NumberArray = input.dtype === 1 ? Float32Array : Int32Array;
        const own = trace.argumentNumbers;
        return ({ numbers }) => {
          const value = index < own ? numbers[index] : source.get();
          if (!Object.is(value, scalar.value) || scalar.id < 0) {
            if (scalar.id >= 0) native.binding.deleteTensor(scalar.id);
            scalar.id = native.binding.createTensor(input.shape, input.dtype, NumberArray.of(apply(value)));
            scalar.value = value;
          }
          ids[at] = scalar.id;
        };
      }
    }
  }

  private capturedFiller(index: number, at: number): () => void {
    const { native, ids, trace } = this;
    const { dataId, shape, place } = trace.recording.captured[index];
    const owner = ownerOf(dataId, trace.recording.optimizers);
    if (owner !== undefined) return () => void (ids[at] = upload(native, owner().dataId).id);
    const line = place.line();
    return () => {
      if (!native.backend.tensorMap.has(dataId)) {
        throw new Error(
          `compile(): the step uses a tensor of shape [${shape.join(",")}] from outside${line ? ` (${line})` : ""} that was ` +
            "disposed of since it was recorded. Keep it as long as the step is used, or pass it as an argument.",
        );
      }
      ids[at] = upload(native, dataId).id;
    };
  }

  private inputName(input: Input): string {
    if (input.kind === "variable")
      return this.trace.variables[input.index].name.replace(/[^A-Za-z0-9_.\\/-]/g, "_").replace(/^[^A-Za-z0-9.]/, "v");
    return input.kind;
  }
}

/** tf.train.sgd holds its rate as a tensor, and replaces it in setLearningRate: looks up the present one. */
function ownerOf(dataId: object, optimizers: tf.Optimizer[]): (() => tf.Tensor) | undefined {
  for (const optimizer of optimizers as unknown as Record<string, unknown>[]) {
    for (const [key, value] of Object.entries(optimizer)) {
      if (value instanceof tf.Tensor && value.dataId === dataId) return () => optimizer[key] as tf.Tensor;
    }
  }
  return undefined;
}

function count(optimizer: tf.Optimizer, steps: number): void {
  const counter = optimizer as unknown as { incrementIterations(): void };
  for (let i = 0; i < steps; i++) counter.incrementIterations();
}
