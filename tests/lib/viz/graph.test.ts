import { describe, expect, it } from "vitest";
import { graph, type GraphEdge, type GraphNode } from "../../../lib/src/viz/graph";
import { renderSvg } from "../../../lib/src/viz/svg";
import { textWidth } from "../../../lib/src/viz/text-width";

interface Layer {
  mark: { type: string };
  data: { values: Record<string, number | string | boolean>[] };
  encoding: Record<string, { scale?: { domain: string[]; range: string[] }; legend?: { values: string[] } | null }>;
}
const layersOf = (chart: object) => (chart as { layer: Layer[] }).layer;
const boxesOf = (chart: object) => layersOf(chart).find(({ mark }) => mark?.type === "rect")!;
const textsOf = (chart: object) => layersOf(chart).at(-1)!.data.values;

const nodes: GraphNode[] = [
  { id: "a", lines: ["data 2.00"], group: "input" },
  { id: "b" },
  { id: "c", label: "a · b" },
];
const edges: GraphEdge[] = [
  ["a", "c"],
  ["b", "c"],
];
const options = { title: "One product" };
const chain = (n: number): [GraphNode[], GraphEdge[]] => [
  Array.from({ length: n }, (_, i) => ({ id: `${i}`, label: "MatMul" })),
  Array.from({ length: n - 1 }, (_, i): GraphEdge => [`${i}`, `${i + 1}`]),
];

describe("graph", () => {
  it("says how many nodes and edges there are, and names the first", () => {
    const { description } = graph({ nodes, edges }, options);
    expect(description).toBe("One product. Directed graph of 3 nodes and 2 edges: a → c, b → c.");
    const [many, links] = chain(9);
    expect(graph({ nodes: many, edges: links }, options).description).toMatch(/: 0 → 1, .*5 → 6, and 2 more\.$/);
    const alone = graph({ nodes: [{ id: "a" }], edges: [] }, options);
    expect(alone.description).toBe("One product. Directed graph of 1 node and 0 edges.");
  });

  it("draws a box for each node, wide enough for its texts", () => {
    const wide = { id: "w", label: "Conv2DBackpropFilter", lines: ["[3, 3, 32, 64]"] };
    const chart = graph({ nodes: [...nodes, wide], edges }, options);
    const boxes = boxesOf(chart).data.values as unknown as { x: number; x2: number; y: number; y2: number }[];
    expect(boxes).toHaveLength(4);
    const { x, x2, y, y2 } = boxes[3];
    expect(x2 - x).toBeGreaterThan(textWidth(wide.label, 12, true) + 10);
    const inside = textsOf(chart).slice(-2) as unknown as { x: number; y: number; text: string }[];
    expect(inside.map(({ text }) => text)).toEqual([wide.label, wide.lines[0]]);
    for (const text of inside) {
      expect(text.x).toBeCloseTo((x + x2) / 2, 0);
      expect(text.y > y && text.y < y2).toBe(true);
    }
  });

  it("writes the id where there is no label, and the lines below", () => {
    const rows = textsOf(graph({ nodes, edges }, options)).map(({ text, bold }) => [text, bold]);
    expect(rows).toEqual([["a", true], ["data 2.00", false], ["b", true], ["a · b", true]]); // prettier-ignore
  });

  it("cuts texts that would make a box too wide, and keeps them for the pointer", () => {
    const long = "model/dense_Dense1/kernel of the first hidden layer of the critic";
    const chart = graph({ nodes: [{ id: long }], edges: [] }, options);
    expect(textsOf(chart)[0].text).toMatch(/^model\/dense.*…$/);
    expect(textWidth(String(textsOf(chart)[0].text), 12, true)).toBeLessThanOrEqual(190);
    expect(boxesOf(chart).data.values[0].about).toBe(long);
  });

  it("colours groups apart and names them in a legend; what has none is grey", () => {
    const { stroke, fill } = boxesOf(graph({ nodes, edges }, options)).encoding;
    expect(stroke.scale).toEqual({ domain: ["input", ""], range: ["#2a7fc1", "#8a8a8a"] });
    expect(stroke.legend!.values).toEqual(["input"]);
    expect(fill.scale!.range).not.toEqual(stroke.scale!.range);
    expect(boxesOf(graph({ nodes: [{ id: "a" }], edges: [] }, options)).encoding.fill.legend).toBeNull();
  });

  it("goes to the right where that fits a notebook's column, else down", () => {
    const size = (n: number, direction?: "right" | "down") => {
      const [nodes, edges] = chain(n);
      return graph({ nodes, edges }, { ...options, direction }) as unknown as { width: number; height: number };
    };
    expect(size(4).width).toBeGreaterThan(size(4).height);
    expect(size(30).width).toBeLessThan(size(30).height);
    expect(size(4, "down")).toMatchObject({ width: size(30).width });
    expect(size(30, "right").width).toBeGreaterThan(2000);
  });

  it("draws each edge from its start to its end, to the left as well", () => {
    const svg = renderSvg(graph({ nodes, edges }, { ...options, direction: "down" }));
    const curves = [...svg.matchAll(/<path[^>]* d="(M[^"Z]*C[^"Z]*)"/g)].map(([, d]) =>
      d.match(/-?[\d.]+/g)!.map(Number),
    );
    expect(curves).toHaveLength(2);
    const [left, right] = curves.map((points) => points.at(-2)! - points[0]);
    expect(Math.sign(left)).toBe(-Math.sign(right));
    for (const points of curves) expect(points.at(-1)).toBeGreaterThan(points[1]);
  });

  it("draws sixty nodes within what a notebook can carry", () => {
    const [nodes, edges] = chain(60);
    const far = nodes.slice(8).map((_, i): GraphEdge => [`${i}`, `${i + 8}`]);
    const chart = graph({ nodes, edges: [...edges, ...far] }, options);
    expect(boxesOf(chart).data.values).toHaveLength(60);
    expect(JSON.stringify(chart).length).toBeLessThan(100_000);
  });

  it("draws names that are special to JavaScript", () => {
    const names = ["__proto__", "constructor", "toString", ""];
    const chart = graph({ nodes: names.map((id) => ({ id })), edges: [["__proto__", "constructor"]] }, options);
    expect(boxesOf(chart).data.values).toHaveLength(4);
  });

  it("refuses two nodes with one id, and edges to nodes that are not there", () => {
    expect(() => graph({ nodes: [...nodes, { id: "a" }], edges }, options)).toThrow('got "a" at 0 and 3. Remedy');
    expect(() => graph({ nodes, edges: [["a", "d"]] }, options)).toThrow('found no node "d", which edge 0 names');
  });

  it("refuses a cycle and names it", () => {
    const back: GraphEdge[] = [["a", "b"], ["b", "c"], ["c", "b"]]; // prettier-ignore
    expect(() => graph({ nodes, edges: back }, options)).toThrow("without cycles, got b → c → b. Remedy");
    expect(() => graph({ nodes, edges: [["a", "a"]] }, options)).toThrow("got a → a");
  });

  it("looks for cycles in a long chain without running out of stack", () => {
    const [nodes, edges] = chain(20_000);
    expect(() => graph({ nodes, edges: [...edges, ["19999", "0"]] }, options)).toThrow("without cycles");
  });

  it("refuses what is no graph", () => {
    const bad =
      (data: object, more: object = {}) =>
      () =>
        graph(data as never, { ...options, ...more } as never);
    expect(bad({ nodes: [], edges: [] })).toThrow("at least one node");
    expect(bad({ nodes: [{}], edges: [] })).toThrow("graph() wants the id of node 0 to be a text, got undefined.");
    expect(bad({ nodes, edges: ["ac"] })).toThrow("graph() wants edge 0 to be [from, to]");
    expect(bad({ nodes: [{ id: "a", lines: ["1", "2", "3", "4"] }], edges: [] })).toThrow("at most 3");
    expect(bad({ nodes, edges }, { direction: "left" })).toThrow('"right" or "down"');
    expect(bad({ nodes, edges }, { colour: 1 })).toThrow("no option colour");
    expect(bad({ nodes, edges }, { title: "" })).toThrow("one message");
  });
});
