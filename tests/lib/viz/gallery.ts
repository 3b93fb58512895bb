/** One small chart of each kind, with everything switched on that it knows. */
import { tf } from "../../../lib/src/tensorflow";
import * as viz from "../../../lib/src/viz";
import type { CurveRow, VegaLiteSpec } from "../../../lib/src/viz";
import { history } from "./history";

const steps: CurveRow[] = Array.from({ length: 250 }, (_, i) => ({ epoch: i / 100, step: i, loss: 1 / (i + 1) }));

const networks = [
  { name: "small", parameters: 1e3, accuracy: 95, std: 0.5, kind: "MLP" },
  { name: "large", parameters: 1e6, accuracy: 99, std: 0.1, kind: "CNN" },
];

const moons = [
  [0, 0],
  [1, 1],
  [2, 0.5],
];

/** Numbers whose size falls by three with each of three layers, and by none in another network. */
const layers = [1, 2, 3, 1, 2, 3].map((x, i) => ({
  x,
  values: Array.from({ length: 9 }, (_, k) => (k + 1) / (i < 3 ? 3 ** i : 1)),
}));

/** Steps of momentum down x² + 10 y². */
function ravine(rate: number, momentum: number): [number, number][] {
  let [x, y, dx, dy] = [-3.5, 0.9, 0, 0];
  return Array.from({ length: 13 }, () => {
    const point: [number, number] = [x, y];
    [dx, dy] = [momentum * dx - rate * 2 * x, momentum * dy - rate * 20 * y];
    [x, y] = [x + dx, y + dy];
    return point;
  });
}

export const gallery: Record<string, () => VegaLiteSpec> = {
  "learning curves of one run": () => viz.learningCurves(history(0.5), { title: "Loss falls" }),
  "learning curves by step": () =>
    viz.learningCurves({ rows: history(0.5, 2), steps }, { title: "By step", detail: "step" }),
  "learning curves of seeds": () =>
    viz.learningCurves(
      { SGD: [history(0.3), history(0.4)], Adam: [{ rows: history(1) }, { rows: history(2) }] },
      { title: "Adam is ahead", x: "seconds", logLoss: true, subtitle: "batches of 64" },
    ),
  "a line chart": () =>
    viz.lineChart(networks, { title: "Bigger is better", x: { field: "parameters", log: true }, y: "accuracy" }),
  "a line chart of series": () =>
    viz.lineChart(networks, {
      ...{ title: "By kind", x: "parameters", series: "kind" },
      y: { field: "accuracy", unit: "%", format: ".1f", zero: true },
    }),
  "a bar chart": () =>
    viz.barChart(networks, { title: "CNN wins", x: "name", y: "accuracy", spread: "std", series: "kind" }),
  "a dot chart": () => viz.barChart(networks, { title: "CNN wins", x: "name", y: { field: "accuracy", zero: false } }),
  "a scatter plot": () =>
    viz.scatter(networks, { title: "Size", x: "parameters", y: "accuracy", series: "kind", label: "name" }),
  "a histogram": () => viz.histogram([1, 2, 2, 3], { title: "Weights", x: "weight", bins: 3 }),
  "histograms of several sets": () =>
    viz.histogram({ a: [1, 2, 2], b: Float32Array.of(2, 3) }, { title: "Weights", bins: 4 }),
  "quantile bands": () =>
    viz.quantileBands(layers.slice(0, 3), { title: "Activations fade", x: "layer", y: "activation" }),
  "quantile bands in panels": () =>
    viz.quantileBands(
      layers.map((sample, i) => ({ ...sample, panel: i < 3 ? "small" : "He normal" })),
      { ...{ title: "He keeps them alive", x: "layer", columns: 2 }, y: { title: "size", log: true, unit: "V" } },
    ),
  "a contour plot": () =>
    viz.contourPlot((x, y) => x * x + 10 * y * y, {
      ...{ title: "A ravine", x: [-4, 4], y: [-1, 1], levels: 5, resolution: 16, axes: ["w₁", "w₂"] },
      paths: { SGD: ravine(0.09, 0), momentum: ravine(0.03, 0.7) },
      subtitle: "twelve steps each",
    }),
  "a confusion matrix": () =>
    viz.confusionMatrix([0, 1, 2, 2], [0, 1, 1, 2], { title: "2 for 1", classes: ["cat", "ankle boot", "dog"] }),
  "a decision boundary": () =>
    viz.decisionBoundary((points) => tf.slice2d(points, [0, 0], [-1, 1]), moons, [0, 1, 1], {
      ...{ title: "Split at one half", classes: ["left", "right"], axes: ["length", "width"], resolution: 8 },
    }),
  "a graph": () =>
    viz.graph(
      {
        nodes: [
          { id: "a", lines: ["data 2.00", "grad 1.50"], group: "input" },
          { id: "b", lines: ["data -3.00"], group: "input" },
          { id: "ab", label: "a · b", group: "product" },
        ],
        edges: [
          ["a", "ab"],
          ["b", "ab"],
        ],
      },
      { title: "One product", subtitle: "of two numbers", direction: "right" },
    ),
};
