import { Input } from "./build";
import { Attributes, End, Graph } from "./graph";
import { BFLOAT16, FLOAT, INT32 } from "./native";
import { Part } from "./part";
import { Step } from "./recorder";
import { Replay } from "./replay";
import { Trace } from "./trace";

/** One node of a recorded step's graph, as `step.graph()` lists it. */
export interface RecordedOp {
  /** Its name in the graph, which TensorFlow's errors show: `MatMul`, `MatMul_1`. */
  name: string;
  /** TensorFlow's op: `MatMul`, `ReluGrad`; `Placeholder` for what comes from outside, `Const`, `Identity` for results. */
  op: string;
  /** Names of the nodes whose results it takes, in order. */
  inputs: string[];
  /** Which part of the step it is in. */
  part: Part | "input" | "constant" | "result";
  /** Shape and type of its first result. */
  shape: number[];
  dtype: string;
  /** What an input, constant or result is: `argument 0`, a variable's name, `0.5`, `result 0`, `new value of …`. */
  about?: string;
  /** The line of your own code that ran the op, as `file:line:column`. */
  line?: string;
}

const DTYPES: Record<number, string> = { [FLOAT]: "float32", [INT32]: "int32", [BFLOAT16]: "bfloat16", 10: "bool" };
const dtypeOf = (dtype: number): string => DTYPES[dtype] ?? `type ${dtype}`;

/** Lists the nodes that `Replay.define` writes, in the order in which they were recorded. */
export function recordedOps(replay: Replay): RecordedOp[] {
  const { trace, plan } = replay;
  const rows: RecordedOp[] = [];
  const places = new Map<string, Step>();
  const graph = new Listing(rows);
  const inputs = plan.inputs.map((input) => {
    graph.next = { part: "input", shape: input.shape, dtype: dtypeOf(input.dtype), about: aboutInput(input, trace) };
    return graph.placeholder(input.dtype, input.shape, input.kind);
  });
  graph.next = undefined;
  const end = plan.emit(graph, inputs, places);
  describeOps(graph.open, places, rows);
  for (const { ref, about } of results(replay, trace)) {
    const { shape, dtype } = replay.about(ref);
    graph.next = { part: "result", shape, dtype: dtypeOf(dtype), about };
    graph.node("Identity", [end(ref)]);
  }
  return rows;
}

/** Fills in what the recording knows of each op. */
function describeOps(open: readonly RecordedOp[], places: Map<string, Step>, rows: readonly RecordedOp[]): void {
  let next: RecordedOp | undefined;
  for (let i = open.length - 1; i >= 0; i--) {
    const row = open[i];
    const step = places.get(row.name);
    if (step?.kind === "op") {
      const line = step.place.line();
      const [{ shape, dtype }] = step.outputs;
      Object.assign(row, { part: step.part, shape, dtype: dtypeOf(dtype) }, line === undefined ? {} : { line });
      next = row;
    } else {
      // In front of a product's result in float32: its factors in bfloat16, and the product of these.
      const like = row.op === "Cast" ? rows.find(({ name }) => name === row.inputs[0]) : next;
      Object.assign(row, { ...next, name: row.name, op: row.op, inputs: row.inputs });
      Object.assign(row, { shape: like!.shape, dtype: dtypeOf(BFLOAT16) });
    }
  }
}

function aboutInput(input: Input, { variables, numbers }: Trace): string {
  if (input.kind === "variable") return variables[input.index].name;
  if (input.kind === "number") return numbers[input.index].name;
  return `${input.kind === "captured" ? "tensor from outside" : "argument"} ${input.index}`;
}

function results({ trace }: Replay, { variables }: Trace) {
  return [
    ...trace.outputs.map((ref, i) => ({ ref, about: `result ${i}` })),
    ...trace.assigned.map(({ variable, ref }) => ({ ref, about: `new value of ${variables[variable].name}` })),
  ];
}

/** A graph that lists its nodes instead of encoding them. */
class Listing extends Graph {
  /** What is known of the next node. */
  next?: Pick<RecordedOp, "part" | "shape" | "dtype" | "about">;

  /** Rows of ops, of which only the recording knows more. */
  readonly open: RecordedOp[] = [];
  /** The last list of integers: what a Fill fills. */
  private shape: number[] = [];

  constructor(private readonly rows: RecordedOp[]) {
    super();
  }

  override node(
    op: string,
    inputs: readonly End[],
    attributes: Attributes | [string, Uint8Array][] = [],
    name = op,
  ): End {
    const unique = super.node(op, inputs, attributes, name);
    const known = this.next ?? (op === "Fill" ? this.filled() : undefined);
    const sources = inputs.map((input) => input.replace(/:\d+$/, ""));
    const row: RecordedOp = {
      name: unique,
      op,
      inputs: sources,
      ...(known ?? { part: "forward", shape: [], dtype: "" }),
    };
    if (known === undefined) this.open.push(row);
    this.rows.push(row);
    return unique;
  }

  override integers(value: number | readonly number[]): End {
    if (typeof value !== "number") this.shape = [...value];
    return super.integers(value);
  }

  /** A large constant of one value: its sizes came as integers, its value is the constant before it. */
  private filled() {
    const { dtype, about } = this.rows.at(-1)!;
    return { part: "constant" as const, shape: this.shape, dtype, about };
  }

  override constant(dtype: number, shape: readonly number[], content: Uint8Array): End {
    const { next } = this;
    this.next = { part: "constant", shape: [...shape], dtype: dtypeOf(dtype), about: valueOf(dtype, content) };
    try {
      return super.constant(dtype, shape, content);
    } finally {
      this.next = next;
    }
  }
}

/** Up to four values of a constant. */
function valueOf(dtype: number, content: Uint8Array): string {
  const count = dtype === FLOAT || dtype === INT32 ? content.byteLength / 4 : content.byteLength;
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const at = (i: number): string =>
    dtype === FLOAT
      ? String(Number(view.getFloat32(4 * i, true).toPrecision(4)))
      : String(dtype === INT32 ? view.getInt32(4 * i, true) : content[i]);
  const values = Array.from({ length: Math.min(count, 4) }, (_, i) => at(i)).join(", ");
  return count > 4 ? `${values}, … (${count})` : values;
}
