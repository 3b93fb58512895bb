/** The charts of a search: what they draw of given candidates. */
import { compile } from "vega-lite";
import { describe, expect, it } from "vitest";
import { palette } from "../../../lib/src/viz/theme";
import { nasBench201Space, randomSearch } from "../../../lib/src/nas";
import {
  cellGraph,
  familyTree,
  paretoChart,
  populationChart,
  rankCorrelationChart,
  searchCurves,
} from "../../../lib/src/viz";

type Layered = {
  data: { values: Record<string, unknown>[] };
  layer: { data: { values: Record<string, unknown>[] } }[];
};
const title = "t";
const valuesOf = (chart: object) => (chart as Layered).data.values;
const layersOf = (chart: object) => (chart as Layered).layer.map(({ data }) => data?.values);
const subtitleOf = (chart: object) => (chart as { title: { subtitle?: string } }).title.subtitle;
const compiles = (chart: object) => expect(() => compile(chart as never)).not.toThrow();

describe("searchCurves", () => {
  it("draws the median and the middle half of the runs after each evaluation", () => {
    const chart = searchCurves({ a: [[1, 2], [2, 4], [3, 8], [4, 16], [5]], b: [[7, 7]] }, { title });
    // After 1: 1, 2, 3, 4, 5. After 2, with the run that ended keeping its 5: 2, 4, 5, 8, 16.
    expect(valuesOf(chart)).toEqual([
      { search: "a", evaluations: 1, low: 2, median: 3, high: 4 },
      { search: "a", evaluations: 2, low: 4, median: 5, high: 8 },
      { search: "b", evaluations: 1, low: 7, median: 7, high: 7 },
      { search: "b", evaluations: 2, low: 7, median: 7, high: 7 },
    ]);
    expect(chart.description).toBe("t. best so far after 2 evaluations: a 5, b 7.");
    compiles(chart);
  });

  it("has no band for single runs, a gap while nothing has a score, and starts where it is told", () => {
    const chart = searchCurves({ a: [[NaN, 2, 3]] }, { title, y: { title: "accuracy", unit: "%" } });
    expect((chart as unknown as Layered).layer).toHaveLength(1);
    expect(valuesOf(chart)[0]).toMatchObject({ median: null });
    expect(valuesOf(searchCurves({ a: [[1, 2, 3]] }, { title, from: 3 }))).toHaveLength(1);
    compiles(chart);
  });

  it("refuses nothing to draw", () => {
    expect(() => searchCurves({}, { title })).toThrow("searchCurves() wants searches to be at least one");
    expect(() => searchCurves({ a: [[1]] }, { title, from: 2 })).toThrow(
      "wants from to be an evaluation up to 1, got 2",
    );
    expect(() => searchCurves({ a: [[1]] }, { title: "" })).toThrow("the chart's one message");
  });
});

describe("populationChart", () => {
  it("draws who has a score, the mean of each generation and the best so far", () => {
    const history = [1, 3, -Infinity, 2, 4, 0].map((score, i) => ({ score, generation: Math.floor(i / 3) }));
    const chart = populationChart(history, { title });
    const [points, lines] = layersOf(chart);
    expect(points).toHaveLength(5);
    expect(lines.map(({ generation, score }) => [generation, score])).toEqual([
      [0, 3],
      [0, 2],
      [1, 4],
      [1, 2],
    ]);
    expect(subtitleOf(chart)).toBe("1 of 6 candidates have no score");
    compiles(chart);
  });

  it("refuses a history without generations", () => {
    expect(() => populationChart([{ score: 1 }], { title })).toThrow("candidates with a generation and a score");
  });
});

describe("paretoChart", () => {
  it("joins those that no other beats, and leaves out failures", () => {
    const rows = [
      { size: 10, accuracy: 60, who: "small" },
      { size: 20, accuracy: 55 },
      { size: 30, accuracy: 70, who: "large" },
      { size: 5, accuracy: -Infinity },
    ];
    const chart = paretoChart(rows, { title, x: { field: "size", log: true }, y: "accuracy", label: "who" });
    const [points, front, names] = layersOf(chart);
    expect([points.length, front.map(({ size }) => size), names.length]).toEqual([3, [10, 30], 2]);
    expect(subtitleOf(chart)).toBe("line: the Pareto front, 2 of 3 networks");
    expect(chart.description).toContain("the front goes from 10 with 60 to 30 with 70");
    compiles(chart);
  });

  it("draws the front in a colour that no series has", () => {
    const rows = ["one", "two"].map((series, i) => ({ size: i, accuracy: i, series }));
    const chart = paretoChart(rows, { title, x: "size", y: "accuracy", series: "series" });
    const [, { mark }] = chart.layer as { mark: { color: string } }[];
    expect(palette).not.toContain(mark.color);
    compiles(chart);
  });
});

describe("familyTree", () => {
  const person = (id: number, ...parents: number[]) => ({
    id,
    score: id,
    key: "",
    origin: parents.length ? "mutation" : "sample",
    parents,
  });
  const history = [person(0), person(1), person(2, 0), person(3, 1), person(4, 2, 0), person(5, 3)];

  it("draws the ancestors and nobody else", () => {
    const chart = familyTree(history, 4, { title });
    expect(chart.description).toContain("3 nodes and 3 edges");
    compiles(chart);
  });

  it("says how many it left out", () => {
    const chart = familyTree(history, 4, { title, limit: 2 });
    expect(subtitleOf(chart)).toBe("1 older ancestor not shown");
    expect(() => familyTree(history, 9, { title })).toThrow("wants id to be that of a candidate in the history, got 9");
  });

  it("takes the history of a search", () => {
    const search = randomSearch(nasBench201Space, { evaluations: 1 });
    search.tell({ id: search.ask().id, score: 1 });
    compiles(familyTree(search.history, 0, { title }));
  });
});

describe("cellGraph", () => {
  const options = { title, nodes: 4, none: "none", identity: "skip" } as const;
  type Operation = "none" | "skip" | "conv" | "pool";

  it("draws the operations between the nodes that matter", () => {
    // Node 1 is the input handed on; node 2 leads nowhere: input -conv-> output, and input -> output.
    const cell: Operation[] = ["skip", "pool", "none", "skip", "conv", "none"];
    const chart = cellGraph(cell, options);
    expect(chart.description).toContain(
      "3 nodes and 3 edges: input → output, input → operation 1, operation 1 → output",
    );
    compiles(chart);
  });

  it("says where nothing arrives", () => {
    expect(cellGraph(new Array<Operation>(6).fill("none"), options).description).toContain("2 nodes and 0 edges");
    expect(() => cellGraph<Operation>(["none"], options)).toThrow("wants 6 operations for 4 nodes, got 1");
  });
});

describe("rankCorrelationChart", () => {
  it("says how far both scores agree on the order", () => {
    const rows = [1, 2, 3, 4].map((cheap) => ({
      cheap,
      true: cheap === 4 ? 3.000001 : cheap === 3 ? 3.000002 : cheap,
    }));
    // One of six pairs in the other order: τ = (5 - 1) / 6; ρ = 1 - 6 · 2 / (4 · 15).
    const chart = rankCorrelationChart([...rows, { cheap: NaN, true: 1 }], { title, x: "cheap", y: "true" });
    expect(subtitleOf(chart)).toBe("Spearman's ρ = 0.80, Kendall's τ = 0.67, 4 networks");
    compiles(chart);
  });
});
