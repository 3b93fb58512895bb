import { checkOptions } from "../check";
import { cellEdges, effectiveEdges, type CellOptions } from "../nas/cell";
import { checkTitle } from "./axis";
import { graph, type GraphEdge, type GraphNode } from "./graph";
import type { VegaLiteSpec } from "./spec";

export interface CellGraphOptions<Operation extends string> extends Pick<
  CellOptions<Operation>,
  "nodes" | "none" | "identity"
> {
  /** The chart's one message. */
  title: string;
  /** A second, smaller line. */
  subtitle?: string;
  /** What the reader sees of an operation. @default its name */
  label?: (operation: Operation) => string;
}

/**
 * A cell as it computes: an operation is a box, and a node with several arrows in is their sum. What leads nowhere is left
 * out, and nodes that only hand on are merged, as in the canonical form.
 *
 * @throws RangeError for a number of operations that doesn't fit the nodes
 * @example cellGraph(best.genotype.cell, { nodes: 4, none: "none", identity: "skip_connect", title: "The winner" })
 */
export function cellGraph<Operation extends string>(
  operations: readonly Operation[],
  options: CellGraphOptions<Operation>,
): VegaLiteSpec {
  const where = "cellGraph()";
  checkOptions(where, options, ["title", "subtitle", "nodes", "none", "identity", "label"]);
  const { title, subtitle, nodes: count, identity, label = (operation: Operation) => operation as string } = options;
  checkTitle(where, title);
  const pairs = cellEdges(count);
  if (operations.length !== pairs.length) {
    throw new RangeError(`${where} wants ${pairs.length} operations for ${count} nodes, got ${operations.length}.`);
  }
  const { edges, output } = effectiveEdges(
    pairs.map((pair, i) => ({ ...pair, operation: operations[i] })),
    options,
  );
  const name = (node: number) => (node === 0 ? "input" : node === output ? "output" : `node ${node}`);
  const places = new Set([0, ...edges.flatMap(({ from, to }) => [from, to])]);
  const nodes: GraphNode[] = [...places].sort((a, b) => a - b).map((node) => ({ id: name(node), group: "sum" }));
  const arrows: GraphEdge[] = [];
  edges.forEach(({ from, to, operation }, i) => {
    if (operation === identity) return arrows.push([name(from), name(to)]);
    const id = `operation ${i}`;
    nodes.push({ id, label: label(operation), group: "operation" });
    arrows.push([name(from), id], [id, name(to)]);
  });
  if (output === undefined) nodes.push({ id: "output", lines: ["nothing arrives"], group: "sum" });
  return graph({ nodes, edges: arrows }, { title, subtitle });
}
