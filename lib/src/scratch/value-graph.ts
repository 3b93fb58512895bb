import { backwardOrder } from "./backward-order";
import type { Value } from "./value";

/** A value as a row: a circle in the drawing. */
export interface ValueNode {
  id: number;
  label: string;
  /** What made it: "+", "·", "tanh"; empty for a leaf. */
  op: string;
  data: number;
  grad: number;
}

/** What went into what, as a row: an arrow in the drawing. */
export interface ValueEdge {
  /** `id` of the input. */
  from: number;
  /** `id` of what was computed from it. */
  to: number;
  /** The local derivative, `∂to/∂from` along this arrow alone. */
  slope: number;
}

/**
 * The graph behind a value as plain rows, inputs first: to be drawn, or looked at as two tables.
 *
 * @example viz.graph(scratch.valueGraph(loss), { title: "How the loss came about" })
 */
export function valueGraph(root: Value): { nodes: ValueNode[]; edges: ValueEdge[] } {
  const order = backwardOrder<Value>(root).reverse();
  return {
    nodes: order.map(({ id, label, op, data, grad }) => ({ id, label, op, data, grad })),
    edges: order.flatMap(({ id, inputs }) => inputs.map(({ node, slope }) => ({ from: node.id, to: id, slope }))),
  };
}
