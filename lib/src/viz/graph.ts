import { checkOneOf, checkOptions, refuse } from "../check";
import { checkTitle } from "./axis";
import { layeredLayout, type Box, type Direction, type Layout, type Point } from "./layered-layout";
import { rounded } from "./numbers";
import { chart, type VegaLiteSpec } from "./spec";
import { textWidth } from "./text-width";
import { mixWithWhite, palette } from "./theme";

/** A box of a graph. */
export interface GraphNode {
  /** Its name among the nodes, for the edges. */
  id: string;
  /** The first line in the box, in bold. @default the id */
  label?: string;
  /** Up to three more lines: a shape, a value, a time. */
  lines?: readonly string[];
  /** What it is one of: boxes of a group have one colour, and a legend names it. */
  group?: string;
}

/** An arrow: ids of the node it leaves and of the one it reaches. */
export type GraphEdge = readonly [from: string, to: string];

export interface GraphData {
  nodes: readonly GraphNode[];
  /** The same edge may come twice, as in x · x. */
  edges: readonly GraphEdge[];
}

export interface GraphOptions {
  /** The chart's one message. */
  title: string;
  /** A second, smaller line. */
  subtitle?: string;
  /** Which way the arrows go. @default "right" where the graph then fits a notebook's column, else "down" */
  direction?: Direction;
}

/** Width of a notebook's column in pixels. */
const column = 800;
/** Texts that are longer end in "…": the tooltip has all of them. */
const widest = 190;
const label = { fontSize: 12, height: 15 };
const line = { fontSize: 11, height: 14 };
/** Wide enough for fonts that are a sixth wider than Helvetica, as they stand in for it on some machines. */
const padding = { x: 13, y: 6 };
const arrow = { length: 8, width: 7 };

/**
 * A directed graph without cycles, such as the operations of a computation: boxes with text, arrows between them, in
 * layers from left to right or from top to bottom. Good to read up to about 60 boxes.
 *
 * @throws RangeError for no nodes, two with one id, an edge to an unknown id, or a cycle, which it names; TypeError for
 *   what is no node or edge
 * @example
 * graph(
 *   { nodes: [{ id: "a", lines: ["data 2.00"], group: "input" }, { id: "c", label: "a·b" }], edges: [["a", "c"]] },
 *   { title: "One product" },
 * )
 */
export function graph({ nodes, edges }: GraphData, options: GraphOptions): VegaLiteSpec {
  const where = "graph()";
  checkOptions(where, options, ["title", "subtitle", "direction"]);
  const { title, subtitle } = options;
  checkTitle(where, title);
  const index = checkNodes(where, nodes);
  const ends = checkEdges(where, edges, index);
  checkAcyclic(where, nodes, ends);
  const wanted = options.direction && checkOneOf(where, "direction", options.direction, ["right", "down"] as const);
  const boxes = nodes.map(boxOf);
  const direction = wanted ?? (layeredLayout(boxes, ends, "right").width <= column ? "right" : "down");
  const layout = layeredLayout(boxes, ends, direction);
  const told = edges.slice(0, 6).map(([from, to]) => `${from} → ${to}`);
  const rest = edges.length > told.length ? `, and ${edges.length - told.length} more` : "";
  const list = told.length > 0 ? `: ${told.join(", ")}${rest}` : "";
  return chart({
    title,
    subtitle,
    description: `Directed graph of ${count(nodes.length, "node")} and ${count(edges.length, "edge")}${list}.`,
    width: Math.ceil(layout.width),
    height: Math.ceil(layout.height),
    layer: [...arrows(layout, direction), rectangles(layout, nodes), texts(layout, nodes)],
  });
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

function checkNodes(where: string, nodes: readonly GraphNode[]): Map<string, number> {
  if (!Array.isArray(nodes)) refuse(where, "nodes", "an array of nodes", nodes, { kind: TypeError });
  if (nodes.length === 0) refuse(where, "nodes", "at least one node", nodes);
  const index = new Map<string, number>();
  nodes.forEach((node: GraphNode, i) => {
    if (typeof node?.id !== "string") {
      refuse(where, `the id of node ${i}`, "a text", (node as Partial<GraphNode> | undefined)?.id, { kind: TypeError });
    }
    const first = index.get(node.id);
    if (first !== undefined) {
      throw new RangeError(
        `${where} wants an id of its own for each node, got ${JSON.stringify(node.id)} at ${first} and ${i}. ` +
          "Remedy: number them, and say what the reader sees with label.",
      );
    }
    if ((node.lines?.length ?? 0) > 3) refuse(where, `lines of ${JSON.stringify(node.id)}`, "at most 3", node.lines);
    index.set(node.id, i);
  });
  return index;
}

function checkEdges(where: string, edges: readonly GraphEdge[], index: Map<string, number>): [number, number][] {
  if (!Array.isArray(edges)) refuse(where, "edges", "an array of [from, to]", edges, { kind: TypeError });
  return edges.map((edge: GraphEdge, e) => {
    if (!Array.isArray(edge) || edge.length !== 2) {
      refuse(where, `edge ${e}`, "[from, to]", edge, { kind: TypeError });
    }
    const [from, to] = edge.map((id) => index.get(id) ?? unknownNode(where, e, id));
    return [from, to];
  });
}

function unknownNode(where: string, edge: number, id: unknown): never {
  throw new RangeError(
    `${where} found no node ${JSON.stringify(id)}, which edge ${edge} names. Remedy: add it to the nodes, or leave out the edge.`,
  );
}

/** @throws RangeError that names the cycle: layers have no place for an edge that goes back */
function checkAcyclic(where: string, nodes: readonly GraphNode[], edges: readonly [number, number][]): void {
  const next = nodes.map((): number[] => []);
  for (const [from, to] of edges) next[from].push(to);
  const done = new Set<number>();
  // A stack of its own: a chain of thousands of nodes would be too deep for recursion.
  for (let start = 0; start < nodes.length; start++) {
    const path = [start];
    const on = new Set(path);
    const tried = [0];
    while (path.length > 0) {
      const at = path[path.length - 1];
      const to = done.has(at) ? undefined : next[at][tried[tried.length - 1]++];
      if (to === undefined) {
        done.add(at);
        on.delete(at);
        path.pop();
        tried.pop();
      } else if (on.has(to)) {
        const cycle = [...path.slice(path.indexOf(to)), to].map((i) => nodes[i].id).join(" → ");
        throw new RangeError(`${where} wants a graph without cycles, got ${cycle}. Remedy: leave out the edge back.`);
      } else if (!done.has(to)) {
        path.push(to);
        on.add(to);
        tried.push(0);
      }
    }
  }
}

/** The texts of a node as they are drawn, each with its style. */
function textsOf({ id, label: name = id, lines = [] }: GraphNode) {
  return [
    { text: cut(name, label.fontSize, true), ...label, bold: true },
    ...lines.map((text) => ({ text: cut(text, line.fontSize, false), ...line, bold: false })),
  ];
}

function cut(text: string, fontSize: number, bold: boolean): string {
  const width = (shown: string) => textWidth(shown, fontSize, bold);
  if (width(text) <= widest) return text;
  const letters = [...text];
  while (letters.length > 0 && width(`${letters.join("")}…`) > widest) letters.pop();
  return `${letters.join("")}…`;
}

function boxOf(node: GraphNode): Box {
  const all = textsOf(node);
  const width = Math.max(26, ...all.map(({ text, fontSize, bold }) => textWidth(text, fontSize, bold)));
  const height = all.reduce((sum, text) => sum + text.height, 0);
  return { id: node.id, width: Math.ceil(width) + 2 * padding.x, height: height + 2 * padding.y };
}

/** Positions are pixels already: no scale, no axis. */
const pixels = (field: string) => ({ field, type: "quantitative", scale: null, axis: null });
const place = (value: number) => rounded(Math.round(value * 10) / 10, 6);

/** Curves with a head. The curve ends where the head begins, so that a thin tip touches the box. */
function arrows({ paths }: Layout, direction: Direction): object[] {
  if (paths.length === 0) return [];
  const before = ({ x, y }: Point, distance: number): Point =>
    direction === "right" ? { x: x - distance, y } : { x, y: y - distance };
  const rowOf = ({ x, y }: Point) => ({ x: place(x), y: place(y) });
  const curves = paths.flatMap((path, edge) =>
    [...path.slice(0, -1), before(path.at(-1)!, arrow.length - 1)].map((point) => ({ ...rowOf(point), edge })),
  );
  const heads = paths.map((path) => rowOf(before(path.at(-1)!, arrow.length / 2)));
  const position = { x: pixels("x"), y: pixels("y") };
  return [
    {
      data: { values: curves },
      mark: { type: "line", interpolate: "basis", order: false, color: "#888888", strokeWidth: 1.2 },
      encoding: { ...position, detail: { field: "edge", type: "nominal" } },
    },
    {
      data: { values: heads },
      mark: { type: "point", shape: shape[direction], filled: true, size: 100, color: "#888888", opacity: 1 },
      encoding: position,
    },
  ];
}

/** Triangles. Vega draws a shape that reaches from -1 to 1 as wide as the square root of its size, here 10 pixels. */
const [half, side] = [arrow.length / 10, arrow.width / 10];
const shape = {
  right: `M${-half},${-side}L${half},0L${-half},${side}Z`,
  down: `M${-side},${-half}L0,${half}L${side},${-half}Z`,
};

/** Pale boxes with dark text: opaque, so that they are read alike on a light and on a dark page. */
function rectangles({ boxes }: Layout, nodes: readonly GraphNode[]): object {
  const groups = [...new Set(nodes.map(({ group }) => group ?? ""))];
  const colorOf = (group: string, i: number) => (group === "" ? "#8a8a8a" : palette[i % palette.length]);
  const named = groups.filter((group) => group !== "");
  const colors = groups.map((group) => colorOf(group, named.indexOf(group)));
  const channel = (range: string[]) => ({
    field: "group",
    type: "nominal",
    scale: { domain: groups, range },
    legend: named.length > 0 ? { title: null, orient: "bottom", values: named, symbolType: "square" } : null,
  });
  const values = boxes.map(({ x, y, width, height }, i) => ({
    ...{ x: place(x - width / 2), y: place(y - height / 2), x2: place(x + width / 2), y2: place(y + height / 2) },
    group: nodes[i].group ?? "",
    about: [nodes[i].label ?? nodes[i].id, ...(nodes[i].lines ?? [])].join("\n"),
  }));
  return {
    data: { values },
    mark: { type: "rect", cornerRadius: 4, strokeWidth: 1.5 },
    encoding: {
      ...{ x: pixels("x"), y: pixels("y"), x2: { field: "x2" }, y2: { field: "y2" } },
      fill: channel(colors.map((color) => mixWithWhite(color, 0.16))),
      stroke: channel(colors),
      tooltip: { field: "about", type: "nominal" },
    },
  };
}

function texts({ boxes }: Layout, nodes: readonly GraphNode[]): object {
  const values = boxes.flatMap(({ x, y, height }, i) => {
    let top = y - height / 2 + padding.y;
    return textsOf(nodes[i]).map(({ text, height: own, bold }) => {
      const row = { x: place(x), y: place(top + own / 2), text, bold };
      top += own;
      return row;
    });
  });
  const layer = (bold: boolean, fontSize: number) => ({
    transform: [{ filter: `datum.bold === ${bold}` }],
    mark: {
      ...{ type: "text", baseline: "middle", color: "#222222", fontSize },
      fontWeight: bold ? "bold" : "normal",
    },
    encoding: { x: pixels("x"), y: pixels("y"), text: { field: "text", type: "nominal" } },
  });
  return { data: { values }, layer: [layer(true, label.fontSize), layer(false, line.fontSize)] };
}
