/**
 * Writes a trace as a TensorFlow graph: its steps become nodes, in order, without those that nothing depends on.
 */
import { Attributes, attribute, End, Graph } from "./graph";
import { BFLOAT16, FLOAT, INT32 } from "./native";
import { ConstantStep, OpStep, Ref, Step } from "./recorder";
import { CompileError } from "./refuse";
import { Trace } from "./trace";

/** Where an input of the function comes from at each call. */
export type Input =
  | { kind: "argument" | "variable" | "captured"; index: number; dtype: number; shape: number[] }
  | { kind: "number"; index: number; form: number; dtype: number; shape: number[] };

/** Arithmetic of matrix products and convolutions. */
export type Precision = "float32" | "bfloat16";

/** Ops that are no functions of their inputs: two of them are two draws. */
const DRAWS = /^(Random|TruncatedNormal|Multinomial)/;

/** What all graphs of a trace need to know. */
export interface Plan {
  inputs: Input[];
  /** Bytes of constants that the graph holds. */
  constantBytes: number;
  /** Adds the steps to a graph whose inputs are at `ends`; returns where a step's output is, and each node's place. */
  emit(graph: Graph, ends: readonly End[], places?: Map<string, Step>): (ref: Ref) => End;
}

/** A constant this large is a mistake more often than not: a data set, or random numbers, baked into the graph. */
const LARGEST_CONSTANT = 64 * 1024;
/** Equal values above this many bytes are filled in when the graph runs instead of being stored. */
const LARGEST_STORED_SPLAT = 1024;

const MATRIX_OPS = /^(MatMul|BatchMatMul(V2)?|Conv2D|Conv2DBackprop(Input|Filter)|Einsum)$/;

/** Decides what a trace's graph takes in, and refuses what it should not hold. */
export function plan(trace: Trace, precision: Precision = "float32"): Plan {
  const { steps } = trace.recording;
  const needed = reachable(steps, [...trace.outputs, ...trace.assigned.map(({ ref }) => ref)]);
  const inputs: Input[] = [];
  const inputOf = new Map<number, number>();
  const numbers = new Map<string, number>();
  let constantBytes = 0;
  steps.forEach((step, i) => {
    if (!needed.has(i) || step.kind === "op") return;
    const use = trace.uses.get(i);
    if (step.kind === "constant" && use === undefined) {
      constantBytes += storedBytes(step);
      return;
    }
    if (step.kind !== "constant") return void inputOf.set(i, inputs.push(step) - 1);
    const { source: index, form } = use!;
    const key = `${index}/${form}/${step.dtype}/${step.shape}`;
    if (!numbers.has(key)) {
      numbers.set(key, inputs.push({ kind: "number", index, form, dtype: step.dtype, shape: step.shape }) - 1);
    }
    inputOf.set(i, numbers.get(key)!);
  });

  const emit = (graph: Graph, ends: readonly End[], places?: Map<string, Step>): ((ref: Ref) => End) => {
    const names = new Map<number, End>();
    const known = new Map<string, End>();
    const end = ({ step, output }: Ref): End => (output === 0 ? names.get(step)! : `${names.get(step)}:${output}`);
    steps.forEach((step, i) => {
      if (!needed.has(i)) return;
      const input = inputOf.get(i);
      if (input !== undefined) names.set(i, ends[input]);
      else if (step.kind === "constant") names.set(i, constant(graph, step));
      else if (step.kind === "op") {
        if (changesNothing(step, steps)) return void names.set(i, end(step.inputs[0]));
        const sources = step.inputs.map(end);
        const key = keyOf(step, sources);
        const twin = known.get(key);
        if (twin !== undefined && !DRAWS.test(step.op)) return void names.set(i, twin);
        const { attributes } = step;
        const lower = precision === "bfloat16" && MATRIX_OPS.test(step.op) && step.outputs[0].dtype === FLOAT;
        names.set(i, lower ? lowered(graph, step.op, sources, attributes) : graph.node(step.op, sources, attributes));
        known.set(key, names.get(i)!);
        places?.set(names.get(i)!, step);
      }
    });
    return end;
  };
  return { inputs, constantBytes, emit };
}

/** A reshape to the shape that is there already; gradients of tfjs are full of them. */
function changesNothing({ op, inputs, outputs }: OpStep, steps: Step[]): boolean {
  if (op !== "Reshape") return false;
  const [{ step, output }] = inputs;
  const source = steps[step];
  const { shape } = source.kind === "op" ? source.outputs[output] : source;
  return String(shape) === String(outputs[0].shape);
}

/** The same for two steps that compute the same. */
function keyOf({ op, attributes }: OpStep, inputs: End[]): string {
  const values = [...attributes].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${op}(${inputs.join()})${values.map(([name, value]) => `${name}=${Buffer.from(value).toString("base64")}`).join()}`;
}

function reachable(steps: Step[], roots: Ref[]): Set<number> {
  const needed = new Set<number>();
  const waiting = roots.map(({ step }) => step);
  while (waiting.length > 0) {
    const index = waiting.pop()!;
    if (needed.has(index)) continue;
    needed.add(index);
    const step = steps[index];
    if (step.kind === "op") waiting.push(...step.inputs.map((ref) => ref.step));
  }
  return needed;
}

/** The same product in bfloat16. Only float inputs are cast: a convolution's gradient also takes sizes. */
function lowered(graph: Graph, op: string, inputs: End[], attributes: Attributes): End {
  const cast = (end: End, from: number, to: number): End =>
    graph.node(
      "Cast",
      [end],
      [
        ["SrcT", attribute.type(from)],
        ["DstT", attribute.type(to)],
      ],
    );
  const sizes = op === "Conv2DBackpropInput" ? 0 : op === "Conv2DBackpropFilter" ? 1 : -1;
  const halves = inputs.map((end, i) => (i === sizes ? end : cast(end, FLOAT, BFLOAT16)));
  return cast(graph.node(op, halves, new Map(attributes).set("T", attribute.type(BFLOAT16))), BFLOAT16, FLOAT);
}

function constant(graph: Graph, { dtype, shape, content }: ConstantStep): End {
  const element = splat({ dtype, content });
  if (element === undefined || content.length <= LARGEST_STORED_SPLAT) return graph.constant(dtype, shape, content);
  return graph.node(
    "Fill",
    [graph.integers(shape), graph.constant(dtype, [], element)],
    [
      ["T", attribute.type(dtype)],
      ["index_type", attribute.type(INT32)],
    ],
  );
}

function storedBytes(step: ConstantStep): number {
  const { content, shape, place } = step;
  if (content.length <= LARGEST_STORED_SPLAT) return content.length;
  if (splat(step) !== undefined) return 4 * shape.length + 4;
  if (content.length <= LARGEST_CONSTANT) return content.length;
  throw new CompileError(
    `a constant of ${Math.round(content.length / 1024)} KiB, shape [${shape.join(",")}]`,
    "it was made from JavaScript values inside of the step and would be stored in the graph as it is",
    "Make the tensor once, outside of the step, or pass it as an argument",
    place.line(),
  );
}

/** The one value that a constant repeats, if it does. */
function splat({ dtype, content }: Pick<ConstantStep, "dtype" | "content">): Uint8Array | undefined {
  const size = dtype === FLOAT || dtype === INT32 ? 4 : 1;
  if (content.length <= size || content.length % size !== 0) return undefined;
  // Equal to itself moved by one element.
  const equal = Buffer.compare(content.subarray(size), content.subarray(0, content.length - size)) === 0;
  return equal && [FLOAT, INT32, BOOL].includes(dtype) ? content.subarray(0, size) : undefined;
}

const BOOL = 10;
