import { createRequire } from "node:module";

/** A box to place, with its size in pixels. */
export interface Box {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

/** Where a box is: its centre. */
export interface PlacedBox extends Box {
  readonly x: number;
  readonly y: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A drawing: all positions in pixels from the top left corner. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: PlacedBox[];
  /** The way of each edge, from the border of the first box to the border of the second. */
  readonly paths: Point[][];
}

/** Which way the edges go. */
export type Direction = "right" | "down";

/** The part of dagre that is used here; its own declarations cannot be read from CommonJS. */
interface Dagre {
  layout(graph: LayoutGraph): void;
  graphlib: { Graph: new (options: { multigraph: boolean }) => LayoutGraph };
}

interface LayoutGraph {
  setGraph(label: object): void;
  graph(): { width: number; height: number };
  setNode(id: string, label: object): void;
  node(id: string): { x: number; y: number };
  setEdge(from: string, to: string, label: object, name: string): void;
  edge(from: string, to: string, name: string): { points: Point[] };
}

/** Loaded with the first graph, as Vega is with the first chart. */
const load = () => createRequire(__filename)("@dagrejs/dagre") as Dagre;

/** Room between boxes of one layer, between layers, and between edges that pass, in pixels. */
const room = { nodesep: 16, ranksep: 30, edgesep: 10, marginx: 2, marginy: 2 };

/**
 * Places the boxes of a directed graph in layers, each edge to a later layer, with few crossings and short ways. The same
 * graph is placed the same way each time. Gansner, Koutsofios, North, Vo: A technique for drawing directed graphs, 1993.
 *
 * @param edges indices into `boxes`; the same pair may come twice
 */
export function layeredLayout(
  boxes: readonly Box[],
  edges: readonly (readonly [from: number, to: number])[],
  direction: Direction,
): Layout {
  const { layout, graphlib } = load();
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ ...room, rankdir: direction === "right" ? "LR" : "TB" });
  // Its own numbers as names: some words, such as "__proto__", would not survive as keys of the layout's objects.
  boxes.forEach(({ width, height }, i) => graph.setNode(`n${i}`, { width, height }));
  edges.forEach(([from, to], e) => graph.setEdge(`n${from}`, `n${to}`, {}, `e${e}`));
  layout(graph);
  const placed = boxes.map((box, i) => ({ ...box, ...pointOf(graph.node(`n${i}`)) }));
  const paths = edges.map(([from, to], e) => graph.edge(`n${from}`, `n${to}`, `e${e}`).points.map(pointOf));
  const { width, height } = graph.graph();
  const layers = layersOf(placed, direction);
  const places = placesAmongEqual(edges);
  return {
    ...{ width, height, boxes: placed },
    paths: edges.map(([from, to], e) => docked(paths[e], [placed[from], placed[to]], places[e], layers)),
  };
}

/** -½ and ½ for an edge that comes twice, 0 for one that comes once. */
function placesAmongEqual(edges: readonly (readonly [number, number])[]): number[] {
  const times = new Map<string, number[]>();
  edges.forEach((edge, e) => times.set(String(edge), [...(times.get(String(edge)) ?? []), e]));
  return edges.map((edge, e) => {
    const equal = times.get(String(edge))!;
    return equal.indexOf(e) - (equal.length - 1) / 2;
  });
}

const pointOf = ({ x, y }: Point): Point => ({ x, y });

/** How far an edge goes straight on before it bends, in pixels: less than half the room between layers. */
const straight = 13;
/** Between edges with the same two ends, in pixels. */
const apart = 10;
/** So early an edge is where it passes a layer, because the curve cuts its corners. */
const margin = 8;

/**
 * The way of one edge. It leaves and arrives in the middle of a side and at a right angle, where a reader expects it, and
 * passes the layers between straight, so that it bends in the gaps alone and crosses no box.
 *
 * @param points of the layout: for each layer on the way one, and one in each gap, which would only be a detour here
 * @param place of the edge among those with the same ends, around 0
 */
function docked(points: Point[], [from, to]: [PlacedBox, PlacedBox], place: number, layers: Layers): Point[] {
  const { along, across } = layers;
  const on = (forth: number, aside: number): Point => ({ [along]: forth, [across]: aside }) as unknown as Point;
  const leave = from[along] + from[layers.size] / 2;
  const arrive = to[along] - to[layers.size] / 2;
  const [first, last] = [from[across] + apart * place, to[across] + apart * place];
  const between = points
    .slice(2, -2)
    .filter((_, i) => i % 2 === 0)
    .flatMap((point) => {
      const half = layers.thickness(point[along]) / 2 + margin;
      return [on(point[along] - half, point[across]), on(point[along] + half, point[across])];
    });
  return [
    ...[on(leave, first), on(leave + straight, first)],
    ...between,
    ...[on(arrive - straight, last), on(arrive, last)],
  ];
}

/** The two directions of a drawing, and how thick the layer at a position is. */
interface Layers {
  along: "x" | "y";
  across: "x" | "y";
  size: "width" | "height";
  thickness(position: number): number;
}

function layersOf(boxes: readonly PlacedBox[], direction: Direction): Layers {
  const [along, across, size] =
    direction === "right" ? (["x", "y", "width"] as const) : (["y", "x", "height"] as const);
  const thick = new Map<number, number>();
  for (const box of boxes)
    thick.set(Math.round(box[along]), Math.max(thick.get(Math.round(box[along])) ?? 0, box[size]));
  return { along, across, size, thickness: (position) => thick.get(Math.round(position)) ?? 0 };
}
