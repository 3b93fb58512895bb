import { checkInteger, checkOneOf, checkOptions, describe, refuse } from "../check";
import type { Gene } from "./gene";

export interface CellOptions<Operation extends string> {
  /** How many nodes it has, with the input, node 0, and the output, the last. From 2 to 7. */
  nodes: number;
  /** What an edge may do. */
  operations: readonly Operation[];
  /** The operation that stands for no edge at all, if there is one. */
  none?: Operation;
  /** The operation that hands its input on unchanged, if there is one. */
  identity?: Operation;
}

/** Where an edge leads, from a node to a later one. */
export interface CellEdge<Operation extends string = string> {
  from: number;
  to: number;
  operation: Operation;
}

/**
 * A cell: a graph in which an operation sits on every edge from a node to a later one, and a node is the sum of what
 * arrives. Its value is the operations in the order of `cellEdges()`: 1<-0, 2<-0, 2<-1, 3<-0, …
 *
 * Canonical are cells as graphs: what can't be reached from the input or doesn't reach the output is left out, a node
 * that only hands on what another holds is that other, and the nodes between may be numbered in any order.
 *
 * Dong and Yang: NAS-Bench-201. ICLR 2020.
 *
 * @throws RangeError for fewer than 2 nodes or more than 7, and for a `none` or `identity` that is not an operation
 */
export function cell<const Operation extends string>(options: CellOptions<Operation>): Gene<readonly Operation[]> {
  checkOptions("cell()", options, ["nodes", "operations", "none", "identity"]);
  const { nodes, operations, none, identity } = options;
  checkInteger("cell()", "nodes", nodes, { min: 2, max: 7 });
  if (operations.length === 0) refuse("cell()", "operations", "at least one", operations);
  if (none !== undefined) checkOneOf("cell()", "none", none, operations);
  if (identity !== undefined) checkOneOf("cell()", "identity", identity, operations);
  const edges = cellEdges(nodes);
  const known = new Map<string, string>();
  return {
    options: edges.map(() => operations.length),
    decode: (slots) => slots.map((slot) => operations[slot]),
    encode: (value) => {
      if (!Array.isArray(value) || value.length !== edges.length) return undefined;
      const slots = value.map((operation: Operation) => operations.indexOf(operation));
      return slots.includes(-1) ? undefined : slots;
    },
    canonical: (slots) => {
      const code = slots.join();
      let form = known.get(code);
      if (form === undefined) {
        form = canonicalCell(
          slots.map((slot, i) => ({ ...edges[i], operation: operations[slot] })),
          { nodes, none, identity },
        );
        // The searches ask for the same few thousand again and again; a space may have billions.
        if (known.size >= 100_000) known.clear();
        known.set(code, form);
      }
      return form;
    },
    wanted: `${edges.length} operations of ${operations.map((operation) => describe(operation)).join(" or ")}`,
  };
}

/** All pairs of a node and a later one, by the node that they reach: the order of a cell's operations. */
export function cellEdges(nodes: number): { from: number; to: number }[] {
  const edges = [];
  for (let to = 1; to < nodes; to++) for (let from = 0; from < to; from++) edges.push({ from, to });
  return edges;
}

/** The edges that matter: those on a way from the input to the output, with nodes that only hand on merged into their source. */
export function effectiveEdges<Operation extends string>(
  edges: readonly CellEdge<Operation>[],
  { nodes, none, identity }: Pick<CellOptions<Operation>, "nodes" | "none" | "identity">,
): { edges: CellEdge<Operation>[]; output: number | undefined } {
  /** The node that stands for each; undefined where nothing ever arrives. */
  const stands: (number | undefined)[] = [0];
  const kept: CellEdge<Operation>[] = [];
  for (let to = 1; to < nodes; to++) {
    const arriving = edges.flatMap((edge) => {
      const from = stands[edge.from];
      return edge.to !== to || edge.operation === none || from === undefined ? [] : [{ ...edge, from }];
    });
    const [only] = arriving;
    if (arriving.length === 1 && only.operation === identity) stands[to] = only.from;
    else if (arriving.length > 0) {
      stands[to] = to;
      kept.push(...arriving);
    }
  }
  const output = stands[nodes - 1];
  if (output === undefined) return { edges: [], output };
  const needed = new Set([output]);
  // Edges are sorted by the node they reach, so that one pass from the end finds all that lead to the output.
  for (const { from, to } of kept.toReversed()) if (needed.has(to)) needed.add(from);
  return { edges: kept.filter(({ to }) => needed.has(to)), output };
}

/** The smallest text among all numberings of the nodes between input and output. */
function canonicalCell<Operation extends string>(
  all: readonly CellEdge<Operation>[],
  options: Pick<CellOptions<Operation>, "nodes" | "none" | "identity">,
): string {
  const { edges, output } = effectiveEdges(all, options);
  if (output === undefined) return "nothing";
  if (output === 0) return "input";
  const between = [...new Set(edges.map(({ to }) => to))].filter((node) => node !== output);
  const last = between.length + 1;
  const names = new Map([
    [0, 0],
    [output, last],
  ]);
  let smallest: string | undefined;
  for (const order of permutations(between)) {
    order.forEach((node, i) => names.set(node, i + 1));
    const text = edges
      .map(({ from, to, operation }) => `${names.get(to)}<${names.get(from)}:${operation}`)
      .sort()
      .join(" ");
    if (smallest === undefined || text < smallest) smallest = text;
  }
  return smallest!;
}

function* permutations(items: readonly number[]): Generator<number[]> {
  if (items.length === 0) yield [];
  for (const item of items) {
    for (const rest of permutations(items.filter((other) => other !== item))) yield [item, ...rest];
  }
}
