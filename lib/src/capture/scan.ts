/**
 * Many steps in one call: a TensorFlow While around the recorded step. What the step assigns is carried from turn to turn,
 * its arguments are cut from tensors with one more axis in front, its results are gathered in lists and stacked.
 */
import { Input } from "./build";
import { attribute, End, Graph } from "./graph";
import { FLOAT, FunctionHandle, FunctionOptions, INT32, NativeBackend, VARIANT } from "./native";
import { Replay } from "./replay";

/** A loop of a fixed number of steps: fixed, so that XLA knows the sizes of all lists. */
export interface Loop {
  handle: FunctionHandle;
  /** The functions to remove with it. */
  names: string[];
}

interface Carried {
  dtype: number;
  shape: number[];
}

/** Defines the loop of `count` steps around a replay's graph. */
export function defineLoop(
  native: NativeBackend,
  replay: Replay,
  count: number,
  name: string,
  options: FunctionOptions,
): Loop {
  const { inputs } = replay.plan;
  const outputs = replay.outputs();
  const assigned = replay.assignedInputs();
  const stacked = inputs.map((input) =>
    input.kind === "argument" ? { ...input, shape: [count, ...input.shape] } : input,
  );
  // What goes round: the turn's number, the inputs, then variables that are assigned without being read, then the lists.
  const extra = assigned.filter(({ input }) => input < 0);
  const carried: Carried[] = [
    { dtype: INT32, shape: [] },
    ...stacked,
    ...extra,
    ...outputs.map(() => ({ dtype: VARIANT, shape: [] })),
  ];
  const names = [`${name}_cond`, `${name}_body`, name];
  const define = (which: string, graph: Graph, from: End[], to: End[], own: FunctionOptions = {}): FunctionHandle =>
    native.native.defineFunction(which, graph.finish(), from, to, own);

  const cond = new Graph();
  const condInputs = carried.map(({ dtype, shape }, i) => cond.placeholder(dtype, shape, `carried_${i}`));
  const less = cond.node("Less", [condInputs[0], cond.integers(count)], [["T", attribute.type(INT32)]]);
  define(names[0], cond, condInputs, [less]);

  const body = new Graph();
  const bodyInputs = carried.map(({ dtype, shape }, i) => body.placeholder(dtype, shape, `carried_${i}`));
  const [turn] = bodyInputs;
  const end = replay.plan.emit(
    body,
    inputs.map((input, i) => cut(body, input, bodyInputs[i + 1], turn)),
  );
  const next = bodyInputs.slice();
  next[0] = body.node("AddV2", [turn, body.integers(1)], [["T", attribute.type(INT32)]]);
  assigned.forEach(({ input, ref }) => {
    next[input < 0 ? 1 + inputs.length + extra.findIndex((other) => other.ref === ref) : input + 1] = end(ref);
  });
  const firstList = 1 + inputs.length + extra.length;
  outputs.forEach(({ dtype, ref }, i) => {
    const list = bodyInputs[firstList + i];
    next[firstList + i] = body.node(
      "TensorListSetItem",
      [list, turn, end(ref)],
      [["element_dtype", attribute.type(dtype)]],
    );
  });
  // What goes round as it came needs a node that gives it; the rest has one.
  const results = next.map((to, i) =>
    bodyInputs.includes(to) ? body.node("Identity", [to], [["T", attribute.type(carried[i].dtype)]]) : to,
  );
  define(names[1], body, bodyInputs, results);

  const main = new Graph();
  const ends = stacked.map(({ dtype, shape, kind }) => main.placeholder(dtype, shape, kind));
  const zeros = extra.map(({ dtype, shape }) =>
    main.node(
      "Fill",
      [main.integers(shape), main.constant(dtype, [], new Uint8Array(dtype === FLOAT || dtype === INT32 ? 4 : 1))],
      [
        ["T", attribute.type(dtype)],
        ["index_type", attribute.type(INT32)],
      ],
    ),
  );
  const lists = outputs.map(({ dtype, shape }) =>
    main.node(
      "TensorListReserve",
      [main.integers(shape), main.integers(count)],
      [
        ["element_dtype", attribute.type(dtype)],
        ["shape_type", attribute.type(INT32)],
      ],
    ),
  );
  const loop = main.node(
    "StatelessWhile",
    [main.integers(0), ...ends, ...zeros, ...lists],
    [
      ["T", attribute.types(carried.map(({ dtype }) => dtype))],
      ["cond", attribute.function(names[0])],
      ["body", attribute.function(names[1])],
      ["output_shapes", attribute.shapes(carried.map(({ shape }) => shape))],
      ["parallel_iterations", attribute.int(1)],
      // Takes the body into the main graph, where TensorFlow puts oneDNN's convolutions in place; the executor for small
      // graphs cannot run what comes out of it.
      ["_lower_using_switch_merge", attribute.bool(options.executor === undefined && !options.xla)],
    ],
  );
  const stacks = outputs.map(({ dtype, shape }, i) =>
    main.node(
      "TensorListStack",
      [`${loop}:${firstList + i}`, main.integers(shape)],
      [
        ["element_dtype", attribute.type(dtype)],
        ["num_elements", attribute.int(count)],
      ],
    ),
  );
  let unread = 0;
  const states = assigned.map(({ input, dtype }) => {
    const at = input < 0 ? 1 + inputs.length + unread++ : input + 1;
    return main.node("Identity", [`${loop}:${at}`], [["T", attribute.type(dtype)]]);
  });
  return { handle: define(name, main, ends, [...stacks, ...states], options), names };
}

/** An input as one turn sees it: its row of a stacked argument, or what is carried. */
function cut(graph: Graph, input: Input, end: End, turn: End): End {
  if (input.kind === "argument") {
    return graph.node(
      "GatherV2",
      [end, turn, graph.integers(0)],
      [
        ["Tparams", attribute.type(input.dtype)],
        ["Tindices", attribute.type(INT32)],
        ["Taxis", attribute.type(INT32)],
      ],
    );
  }
  return end;
}
