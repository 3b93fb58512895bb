import { checkInteger, describe, refuse } from "../check";
import { effectiveEdges, type CellEdge, type CellOptions } from "./cell";

/** Where a cell's edge leads, and the layers on it; no layers hand on what comes. */
export interface PlanEdge {
  from: number;
  to: number;
  layers: Plan;
}

/** One layer of a network that is not built yet. Convolutions and pools pad with "same". */
export type PlanLayer =
  | {
      kind: "conv2d";
      filters: number;
      kernelSize: number;
      /** @default 1 */
      strides?: number;
      /** @default true */
      bias?: boolean;
    }
  | {
      kind: "batchNorm";
      /** What is left of the running mean and variance after a step; a training of few steps needs less. @default 0.99 */
      momentum?: number;
    }
  | { kind: "relu" }
  /** `scale · x + offset`, without a weight. */
  | { kind: "rescale"; scale: number; offset: number }
  /** Strides are the pool's size, where nothing else is said. */
  | { kind: "maxPool"; size: number; strides?: number }
  | { kind: "averagePool"; size: number; strides?: number }
  /** The mean of each channel: `[height, width, channels]` to `[channels]`. */
  | { kind: "globalAverage" }
  | { kind: "flatten" }
  | { kind: "dense"; units: number }
  /** `x + layers(x)`: the layers must keep the shape. */
  | { kind: "residual"; layers: Plan }
  /** A graph: node 0 is the input, each later node the sum of its edges, the last one the output. */
  | { kind: "cell"; nodes: number; edges: readonly PlanEdge[] };

/** A network as plain data: its layers in their order. */
export type Plan = readonly PlanLayer[];

/** What a network needs. */
export interface PlanSize {
  /** Numbers that are learned or kept, as `model.countParams()` counts them. */
  parameters: number;
  /**
   * Floating-point operations of one example's forward pass in convolutions and dense layers, a multiplication and an
   * addition being two: `2 · height · width · kernel² · in · out`. What the other layers add is a few percent.
   */
  flops: number;
  /** Shape of one example's output. */
  shape: readonly number[];
}

/**
 * Counts what a network needs, without building it.
 *
 * @param inputShape of one example: `[height, width, channels]` or `[features]`
 * @throws RangeError that names the layer which does not fit the shape that reaches it
 * @example planSize([{ kind: "conv2d", filters: 8, kernelSize: 3 }], [32, 32, 3]).parameters // 3 · 3 · 3 · 8 + 8 = 224
 */
export function planSize(plan: Plan, inputShape: readonly number[]): PlanSize {
  return sizeOf(plan, inputShape, "planSize()", "layer ");
}

function sizeOf(plan: Plan, inputShape: readonly number[], where: string, path: string): PlanSize {
  const total = { parameters: 0, flops: 0, shape: inputShape };
  plan.forEach((layer, i) => {
    const { parameters, flops, shape } = layerSize(layer, total.shape, where, `${path}${i} (${layer.kind})`);
    total.parameters += parameters;
    total.flops += flops;
    total.shape = shape;
  });
  return total;
}

function layerSize(layer: PlanLayer, shape: readonly number[], where: string, name: string): PlanSize {
  const image = (): readonly number[] =>
    shape.length === 3 ? shape : refuse(where, `the input of ${name}`, "[height, width, channels]", shape);
  const count = (value: number, what: string) => checkInteger(where, `${what} of ${name}`, value, { min: 1 });
  switch (layer.kind) {
    case "conv2d": {
      const { filters, kernelSize, strides = 1, bias = true } = layer;
      for (const [what, value] of Object.entries({ filters, kernelSize, strides })) count(value, what);
      const [height, width, channels] = image();
      const out = [Math.ceil(height / strides), Math.ceil(width / strides), filters];
      const weights = kernelSize ** 2 * channels * filters;
      return { parameters: weights + (bias ? filters : 0), flops: 2 * out[0] * out[1] * weights, shape: out };
    }
    case "batchNorm":
      return { parameters: 4 * shape[shape.length - 1], flops: 0, shape };
    case "relu":
    case "rescale":
      return { parameters: 0, flops: 0, shape };
    case "maxPool":
    case "averagePool": {
      const { size, strides = size } = layer;
      count(size, "size");
      count(strides, "strides");
      const [height, width, channels] = image();
      return { parameters: 0, flops: 0, shape: [Math.ceil(height / strides), Math.ceil(width / strides), channels] };
    }
    case "globalAverage":
      return { parameters: 0, flops: 0, shape: [image()[2]] };
    case "flatten":
      return { parameters: 0, flops: 0, shape: [shape.reduce((product, side) => product * side, 1)] };
    case "dense": {
      const units = count(layer.units, "units");
      if (shape.length !== 1) refuse(where, `the input of ${name}`, "[features]", shape, { remedy: "flatten before." });
      return { parameters: (shape[0] + 1) * units, flops: 2 * shape[0] * units, shape: [units] };
    }
    case "residual": {
      const size = sizeOf(layer.layers, shape, where, `${name}, layer `);
      checkSame(where, `the output of ${name}`, size.shape, shape);
      return size;
    }
    case "cell":
      return cellSize(layer, shape, where, name);
  }
}

function cellSize(
  { nodes, edges }: PlanLayer & { kind: "cell" },
  shape: readonly number[],
  where: string,
  name: string,
): PlanSize {
  const shapes: (readonly number[] | undefined)[] = [shape];
  let [parameters, flops] = [0, 0];
  for (let node = 1; node < nodes; node++) {
    for (const { from, layers } of edges.filter(({ to }) => to === node)) {
      const source = shapes[from] ?? refuse(where, `node ${from} of ${name}`, "reached before it is used", from);
      const size = sizeOf(layers, source, where, `${name}, edge ${node}<-${from}, layer `);
      const other = shapes[node];
      if (other) checkSame(where, `what reaches node ${node} of ${name}`, size.shape, other);
      shapes[node] = size.shape;
      parameters += size.parameters;
      flops += size.flops;
    }
  }
  const out = shapes[nodes - 1];
  if (out === undefined) throw new RangeError(`${where} found no way from the input to the output of ${name}.`);
  return { parameters, flops, shape: out };
}

function checkSame(where: string, name: string, got: readonly number[], wanted: readonly number[]): void {
  if (got.join() !== wanted.join()) refuse(where, name, `of shape ${describe(wanted)}, to be added`, got);
}

/**
 * The layer of a cell's value: what leads nowhere is left out, and nodes that only hand on are merged.
 *
 * @param operations layers of each operation; `none` has none, and `identity` hands on
 * @throws RangeError for an operation without layers, and for a cell whose output nothing reaches
 * @example cellLayer(genotype.cell, { nodes: 4, none: "none", identity: "skip" }, { conv: [{ kind: "conv2d", … }] })
 */
export function cellLayer<Operation extends string>(
  value: readonly Operation[],
  options: Pick<CellOptions<Operation>, "nodes" | "none" | "identity">,
  operations: Partial<Record<Operation, Plan>>,
): PlanLayer {
  const where = "cellLayer()";
  const all: CellEdge<Operation>[] = [];
  for (let to = 1; to < options.nodes; to++) {
    for (let from = 0; from < to; from++) all.push({ from, to, operation: value[all.length] });
  }
  const { edges, output } = effectiveEdges(all, options);
  if (output === undefined) throw new RangeError(`${where} found no way from the input to the output of ${value}.`);
  const layersOf = (operation: Operation): Plan =>
    operation === options.identity
      ? []
      : (operations[operation] ?? refuse(where, "operations", "layers for each", operation));
  // Where the output only hands on another node, an edge without layers makes it a node of its own again.
  const end = options.nodes - 1;
  const last = output === end ? [] : [{ from: output, to: end, layers: [] }];
  return {
    kind: "cell",
    nodes: options.nodes,
    edges: [...edges.map(({ from, to, operation }) => ({ from, to, layers: layersOf(operation) })), ...last],
  };
}
