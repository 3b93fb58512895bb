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
