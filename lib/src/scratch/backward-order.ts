/** What a graph of any kind of node is made of: what each was computed from, and when it was made. */
export interface GraphNode<Node> {
  /** Counts up as nodes are made, so that a node's inputs always have smaller numbers than itself. */
  readonly id: number;
  readonly inputs: readonly { readonly node: Node }[];
}

/**
 * All nodes that `root` was computed from, itself included, each before its inputs: the order in which gradients flow.
 *
 * When it is a node's turn, everything that used it has had its turn already, so its gradient is complete. No recursion:
 * the graph of a loss may be deeper than JavaScript's stack.
 */
export function backwardOrder<Node extends GraphNode<Node>>(root: Node): Node[] {
  const found = new Set<Node>([root]);
  for (const { inputs } of found) {
    for (const { node } of inputs) found.add(node); // a set that is walked also visits what is added meanwhile
  }
  return [...found].sort((a, b) => b.id - a.id);
}

let made = 0;

/** The number of the next node. */
export const nextId = (): number => made++;
