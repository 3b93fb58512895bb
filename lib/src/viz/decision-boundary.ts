import { checkFinite, checkInteger, checkLabels, checkOptions, refuse } from "../check";
import { tf } from "../tensorflow";
import { checkTitle } from "./axis";
import { readNumbers, rounded, type Numbers } from "./numbers";
import { chart, type VegaLiteSpec } from "./spec";
import { mixWithWhite, palette } from "./theme";

/** Scores of points: `[n, 2]` in, `[n, classes]` out, or `[n, 1]` or `[n]` with the probability of class 1. */
export type Classifier = ((points: tf.Tensor2D) => tf.Tensor) | tf.LayersModel;

export interface DecisionBoundaryOptions {
  /** The chart's one message. */
  title: string;
  /** Names of the classes. @default "0", "1", … */
  classes?: readonly string[];
  /** The classifier is asked at `resolution`² points. @default 64 */
  resolution?: number;
  /** Titles of the two axes. @default ["x₁", "x₂"] */
  axes?: readonly [string, string];
  /** A second, smaller line. @default the share of points on the right side */
  subtitle?: string;
}

/** A stretch of one grid row with one class and one level of confidence. */
interface Strip {
  x: number;
  x2: number;
  y: number;
  kind: string;
}

/** Shares of the winning class from which on an area is drawn in the next stronger tint. */
const levels = [0, 0.6, 0.75, 0.9];

/**
 * What a classifier of points in the plane answers everywhere, with the points it learnt from: areas in the colour of the
 * class, paler where it is unsure. Points on the wrong side are drawn as crosses.
 *
 * @param classifier a model or a function; scores that are not shares are turned into some by softmax
 * @param points `[n, 2]`
 * @param labels `[n]`, classes from 0
 * @throws RangeError for points that are not finite, wrong shapes, or a classifier that answers NaN
 */
export function decisionBoundary(
  classifier: Classifier,
  points: Numbers,
  labels: Numbers,
  options: DecisionBoundaryOptions,
): VegaLiteSpec {
  const where = "decisionBoundary()";
  checkOptions(where, options, ["title", "classes", "resolution", "axes", "subtitle"]);
  const { title, resolution = 64, axes = ["x₁", "x₂"] } = options;
  checkTitle(where, title);
  checkInteger(where, "resolution", resolution, { min: 8, max: 256 });
  const places = readNumbers(where, "points", points);
  const truth = readNumbers(where, "labels", labels);
  checkFinite(where, "points", places);
  if (places.length !== 2 * truth.length) {
    refuse(where, "points", `of shape [${truth.length}, 2], two numbers for each label`, points);
  }
  const [xs, ys] = [0, 1].map((axis) => Array.from({ length: truth.length }, (_, i) => places[2 * i + axis]));
  const grid = gridOver(xs, ys, resolution);
  const here = askClassifier(where, classifier, grid.points);
  const there = askClassifier(where, classifier, Float32Array.from(places));
  const count = Math.max(here.classes, ...Array.from(truth, (label) => label + 1));
  const classes = options.classes ?? Array.from({ length: count }, (_, i) => `${i}`);
  checkLabels(where, "labels", truth, classes.length);
  const right = there.winner.filter((winner, i) => winner === truth[i]).length;
  const summary = `${right} of ${truth.length} points on the right side (${((100 * right) / truth.length).toFixed(1)} %)`;
  const pointRows = xs.map((x, i) => ({
    x: rounded(x, 4),
    y: rounded(ys[i], 4),
    class: classes[truth[i]],
    answer: there.winner[i] === truth[i] ? "right" : "wrong",
  }));
  const color = {
    field: "class",
    type: "nominal",
    title: "class",
    scale: { domain: classes, range: palette.slice(0, classes.length) },
  };
  const axis = (field: string, name: string, [low, high]: readonly [number, number]) => ({
    field,
    type: "quantitative",
    title: name,
    scale: { domain: [rounded(low, 4), rounded(high, 4)], nice: false, zero: false },
    axis: { grid: false },
  });
  return chart({
    title,
    subtitle: options.subtitle ?? summary,
    description: `Decision regions of ${classes.length} classes: ${summary}.`,
    width: 340,
    height: 300,
    layer: [
      {
        data: { values: strips(grid, here, resolution) },
        // Higher than a row for the same reason as strips are wider, see there.
        transform: [{ calculate: `datum.y + ${rounded((1.2 * (grid.y[1] - grid.y[0])) / resolution, 4)}`, as: "y2" }],
        mark: { type: "rect", clip: true },
        encoding: {
          x: axis("x", axes[0], grid.x),
          x2: { field: "x2" },
          y: axis("y", axes[1], grid.y),
          y2: { field: "y2" },
          color: { field: "kind", type: "nominal", scale: tints(classes.length), legend: null },
        },
      },
      {
        data: { values: pointRows },
        mark: { type: "point", filled: true, stroke: "#ffffff", strokeWidth: 0.7, opacity: 1 },
        encoding: {
          x: { field: "x", type: "quantitative" },
          y: { field: "y", type: "quantitative" },
          color,
          shape: {
            field: "answer",
            type: "nominal",
            title: null,
            scale: { domain: ["right", "wrong"], range: ["circle", "cross"] },
          },
          size: { condition: { test: "datum.answer === 'wrong'", value: 110 }, value: 34 },
        },
      },
    ],
    resolve: { scale: { color: "independent" } },
  });
}

interface Grid {
  x: readonly [number, number];
  y: readonly [number, number];
  /** Centres of the cells, row by row: `[resolution², 2]`. */
  points: Float32Array;
}

function gridOver(xs: number[], ys: number[], resolution: number): Grid {
  const range = (values: number[]): [number, number] => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const margin = 0.08 * (high - low) || 1;
    return [low - margin, high + margin];
  };
  const [x, y] = [range(xs), range(ys)];
  const points = new Float32Array(2 * resolution * resolution);
  const at = ([low, high]: readonly number[], i: number) => low + ((i + 0.5) / resolution) * (high - low);
  for (let i = 0; i < resolution * resolution; i++) {
    points[2 * i] = at(x, i % resolution);
    points[2 * i + 1] = at(y, Math.floor(i / resolution));
  }
  return { x, y, points };
}

interface Answers {
  classes: number;
  winner: number[];
  /** Share of the winner, 0 to 1. */
  share: number[];
}

function askClassifier(where: string, classifier: Classifier, points: Float32Array): Answers {
  const n = points.length / 2;
  const [scores, shape] = tf.tidy(() => {
    const input = tf.tensor2d(points, [n, 2]);
    const output = typeof classifier === "function" ? classifier(input) : (classifier.predict(input) as tf.Tensor);
    return [output.dataSync(), output.shape];
  });
  if (scores.length % n !== 0 || shape[0] !== n || shape.length > 2) {
    throw new RangeError(
      `${where} wants scores of shape [${n}, classes] from the classifier, got [${shape.join(", ")}].`,
    );
  }
  checkFinite(where, "the classifier's scores", scores, "look at the loss: the training has diverged.");
  const width = scores.length / n;
  const shares = Array.from({ length: n }, (_, i) => toShares(Array.from(scores.slice(i * width, (i + 1) * width))));
  const winner = shares.map((row) => row.indexOf(Math.max(...row)));
  return { classes: shares[0].length, winner, share: shares.map((row, i) => row[winner[i]]) };
}

/** One number is the probability of class 1; several that are no shares already become some by softmax. */
function toShares(scores: number[]): number[] {
  if (scores.length === 1) {
    const p = Math.min(1, Math.max(0, scores[0]));
    return [1 - p, p];
  }
  const total = scores.reduce((sum, score) => sum + score, 0);
  if (scores.every((score) => score >= 0) && Math.abs(total - 1) < 1e-3) return scores;
  const highest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - highest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** Equal neighbours in a row become one rectangle: a tenth of the marks, and an SVG that viewers draw at once. */
function strips({ x, y }: Grid, { winner, share }: Answers, resolution: number): Strip[] {
  const edge = ([low, high]: readonly number[], i: number) => rounded(low + (i / resolution) * (high - low), 4)!;
  const kindAt = (i: number) => `${winner[i]}.${levels.findLastIndex((level) => share[i] >= level)}`;
  const found: Strip[] = [];
  for (let row = 0; row < resolution; row++) {
    let start = 0;
    for (let column = 1; column <= resolution; column++) {
      const kind = kindAt(row * resolution + start);
      if (column < resolution && kindAt(row * resolution + column) === kind) continue;
      // A little wider than it is: the next strip covers it, and no gap shows between the two.
      found.push({ x: edge(x, start), x2: edge(x, column + (column < resolution ? 0.2 : 0)), y: edge(y, row), kind });
      start = column;
    }
  }
  return found;
}

/** Opaque tints: strips that touch or overlap by a hair must not show seams. */
function tints(classes: number): { domain: string[]; range: string[] } {
  const kinds = Array.from({ length: classes }, (_, c) => levels.map((_, level) => ({ c, level }))).flat();
  return {
    domain: kinds.map(({ c, level }) => `${c}.${level}`),
    range: kinds.map(({ c, level }) => mixWithWhite(palette[c % palette.length], 0.12 + 0.12 * level)),
  };
}
