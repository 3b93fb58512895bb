import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cell, cellEdges } from "../../../lib/src/nas/cell";

const operations = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"] as const;
const bench = cell({ nodes: 4, operations, none: "none", identity: "skip_connect" });
const canonical = (...values: (typeof operations)[number][]) => bench.canonical(bench.encode(values)!);

/**
 * What a cell computes, as a sum of ways: with its zeros as terms it is the text that NAS-Bench-201 counts topologies with,
 * in which 0 and 0 + 0 differ; without them it says what is left of the sum.
 */
function expression(slots: readonly number[], zeros: "as terms" | "left out"): string {
  const nodes = ["0"];
  for (let to = 1; to < 4; to++) {
    const terms = [];
    for (let from = 0; from < to; from++) {
      const slot = slots[(to * (to - 1)) / 2 + from];
      if (slot === 0 || nodes[from] === "#") terms.push("#");
      else terms.push(slot === 1 ? nodes[from] : `(${nodes[from]})@${slot}`);
    }
    const shown = zeros === "as terms" ? terms : terms.filter((term) => term !== "#");
    nodes.push(shown.length === 0 ? "#" : shown.sort().join("+"));
  }
  return nodes[3];
}

const allCells = Array.from({ length: 5 ** 6 }, (_, n) =>
  Array.from({ length: 6 }, (_, i) => Math.floor(n / 5 ** i) % 5),
);

describe("cell", () => {
  it("orders its operations by the node that they reach", () => {
    expect(cellEdges(3)).toEqual([
      { from: 0, to: 1 },
      { from: 0, to: 2 },
      { from: 1, to: 2 },
    ]);
    expect(bench.options).toEqual([5, 5, 5, 5, 5, 5]);
    expect(bench.decode([0, 1, 2, 3, 4, 0])[2]).toBe("nor_conv_1x1");
    expect(bench.encode(["none", "none"])).toBeUndefined();
    expect(bench.encode(["none", "none", "none", "none", "none", "conv"])).toBeUndefined();
  });

  it("is the same with its inner nodes numbered otherwise", () => {
    // 0 -1x1-> 1 -3x3-> 3 and 0 -pool-> 2 -skip-> 3, then nodes 1 and 2 change places.
    const one = canonical("nor_conv_1x1", "avg_pool_3x3", "none", "none", "nor_conv_3x3", "skip_connect");
    const two = canonical("avg_pool_3x3", "nor_conv_1x1", "none", "none", "skip_connect", "nor_conv_3x3");
    expect(one).toBe(two);
    // The other operations on the same edges are another cell.
    expect(one).not.toBe(canonical("nor_conv_1x1", "avg_pool_3x3", "none", "none", "skip_connect", "nor_conv_3x3"));
  });

  it("leaves out what leads nowhere or comes from nowhere", () => {
    const direct = canonical("none", "none", "none", "nor_conv_3x3", "none", "none");
    expect(canonical("avg_pool_3x3", "none", "none", "nor_conv_3x3", "none", "none")).toBe(direct);
    expect(canonical("none", "none", "avg_pool_3x3", "nor_conv_3x3", "none", "avg_pool_3x3")).toBe(direct);
    expect(canonical("none", "none", "avg_pool_3x3", "none", "none", "avg_pool_3x3")).toBe("nothing");
  });

  it("takes a node that only hands on for the one before it", () => {
    const direct = canonical("none", "none", "none", "nor_conv_3x3", "none", "none");
    expect(canonical("skip_connect", "none", "none", "none", "nor_conv_3x3", "none")).toBe(direct);
    expect(canonical("none", "none", "none", "skip_connect", "none", "none")).toBe("input");
  });

  it("tells one node used twice from two that do the same", () => {
    // Both are conv3x3(conv1x1(x)) + pool(conv1x1(x)), with one convolution 1x1 or with two that learn apart.
    const once = canonical("nor_conv_1x1", "none", "skip_connect", "none", "nor_conv_3x3", "avg_pool_3x3");
    const twice = canonical("nor_conv_1x1", "nor_conv_1x1", "none", "none", "nor_conv_3x3", "avg_pool_3x3");
    expect(once).not.toBe(twice);
  });

  it("gives every cell of NAS-Bench-201 one of the sums that it computes, and tells apart those that share nodes", () => {
    const published = new Set(allCells.map((slots) => expression(slots, "as terms")));
    expect(published.size).toBe(6466); // Dong and Yang 2020: "6,466 unique topology structures"
    const sumOf = new Map<string, Set<string>>();
    for (const slots of allCells) {
      const key = bench.canonical(slots);
      sumOf.set(key, (sumOf.get(key) ?? new Set()).add(expression(slots, "left out")));
    }
    expect([...sumOf.values()].filter(({ size }) => size > 1)).toEqual([]);
    const sums = new Set([...sumOf.values()].flatMap((set) => [...set]));
    // Each key has one sum; a sum has more keys where a node is used twice or its work is done twice.
    expect(sums.size).toBe(5390);
    expect(sumOf.size).toBe(6985); // counted by networkx, see tests/fixtures/nas/count-cells.py
  });

  it("is equal for all numberings of up to seven nodes", () => {
    const wide = cell({ nodes: 6, operations, none: "none", identity: "skip_connect" });
    const edges = cellEdges(6);
    const slots = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 15, maxLength: 15 });
    fc.assert(
      fc.property(slots, fc.shuffledSubarray([1, 2, 3, 4], { minLength: 4 }), (own, order) => {
        const name = [0, ...order, 5];
        const renamed = new Array<number>(15).fill(0);
        edges.forEach(({ from, to }, i) => {
          const [a, b] = [name[from], name[to]];
          // Only where the edge still goes from a lower to a higher number.
          const at = edges.findIndex((edge) => edge.from === Math.min(a, b) && edge.to === Math.max(a, b));
          if (a < b) renamed[at] = own[i];
        });
        const backwards = edges.some(({ from, to }, i) => own[i] !== 0 && name[from] > name[to]);
        fc.pre(!backwards);
        expect(wide.canonical(renamed)).toBe(wide.canonical(own));
      }),
      { numRuns: 200 },
    );
  });

  it("refuses descriptions that mean nothing", () => {
    expect(() => cell({ nodes: 8, operations })).toThrow("cell() wants nodes to be an integer from 2 to 7, got 8");
    expect(() => cell({ nodes: 4, operations: [] })).toThrow("operations to be at least one");
    expect(() => cell({ nodes: 4, operations, none: "zero" as never })).toThrow('cell() wants none to be "none" or');
  });
});
