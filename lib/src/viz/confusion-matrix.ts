import { checkInteger, checkLabels, checkOptions, refuse } from "../check";
import { checkTitle } from "./axis";
import { isTensor, readNumbers, rounded, type Numbers } from "./numbers";
import { chart, type VegaLiteSpec } from "./spec";
import { note } from "./theme";

export interface ConfusionMatrixOptions {
  /** The chart's one message. */
  title: string;
  /** Names of the classes, in the order of their labels. @default "0", "1", … */
  classes?: readonly string[];
  /** A second, smaller line. @default how many of how many are right */
  subtitle?: string;
}

/**
 * Which classes a classifier takes for which: a row for each true class, a column for each predicted one, in each cell how
 * many examples and, by its colour, their share of the row. Right answers are blue; errors are vermilion, on a scale of
 * their own, because one error in a hundred would not be seen beside 99 right answers. On the right stands the share of
 * each class that was found (recall).
 *
 * @param labels true classes `[n]`
 * @param predictions predicted classes `[n]`, or scores `[n, classes]`, of which the highest counts
 * @throws RangeError for labels out of range, different lengths or nothing at all
 */
export function confusionMatrix(labels: Numbers, predictions: Numbers, options: ConfusionMatrixOptions): VegaLiteSpec {
  const where = "confusionMatrix()";
  checkOptions(where, options, ["title", "classes", "subtitle"]);
  checkTitle(where, options.title);
  const truth = readNumbers(where, "labels", labels);
  const guesses = readPredictions(where, predictions);
  if (guesses.length !== truth.length) {
    refuse(where, "predictions", `${truth.length} values, one for each label`, guesses.length);
  }
  const highest = Math.max(...Array.from(truth), ...Array.from(guesses));
  const classes =
    options.classes ?? Array.from({ length: checkInteger(where, "labels", highest) + 1 }, (_, i) => `${i}`);
  checkLabels(where, "labels", truth, classes.length);
  checkLabels(where, "predictions", guesses, classes.length);
  return draw(countPairs(truth, guesses, classes.length), classes, options);
}

function readPredictions(where: string, predictions: Numbers): ArrayLike<number> {
  const values = readNumbers(where, "predictions", predictions);
  const width = rowLength(predictions);
  if (width === undefined) return values;
  return Array.from({ length: values.length / width }, (_, row) => {
    let best = 0;
    for (let i = 1; i < width; i++) if (values[row * width + i] > values[row * width + best]) best = i;
    return best;
  });
}

function rowLength(values: Numbers): number | undefined {
  if (isTensor(values)) return values.shape.length === 2 ? values.shape[1] : undefined;
  const first: unknown = (values as ArrayLike<unknown>)[0];
  return Array.isArray(first) || ArrayBuffer.isView(first) ? (first as ArrayLike<number>).length : undefined;
}

function countPairs(truth: ArrayLike<number>, guesses: ArrayLike<number>, classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < truth.length; i++) counts[truth[i]][guesses[i]]++;
  return counts;
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function draw(
  counts: number[][],
  classes: readonly string[],
  { title, subtitle }: ConfusionMatrixOptions,
): VegaLiteSpec {
  const totals = counts.map(sum);
  const right = sum(counts.map((row, i) => row[i]));
  const all = sum(totals);
  const share = (i: number, j: number) => (totals[i] === 0 ? 0 : counts[i][j] / totals[i]);
  const pairs = counts.flatMap((row, i) => row.map((count, j) => ({ i, j, count, share: share(i, j) })));
  const errors = pairs.filter(({ i, j, count }) => i !== j && count > 0).sort((a, b) => b.count - a.count);
  const worst = Math.max(...errors.map((pair) => pair.share), Number.MIN_VALUE);
  const values = pairs.map((pair) => ({
    true: classes[pair.i],
    predicted: classes[pair.j],
    count: pair.count,
    share: rounded(pair.share, 3),
    // From -1, the most frequent error, to 1, every example of a class found.
    shade: rounded(pair.i === pair.j ? pair.share : 0 - pair.share / worst, 3),
  }));
  const summary = `${right} of ${all} right (${percent(right / all)})`;
  const told = errors.slice(0, 3).map(({ i, j, count }) => `${classes[i]} taken for ${classes[j]} ${count}×`);
  const rowAxis = { field: "true", type: "nominal", title: "true class", sort: null };
  const cell = classes.length > 12 ? 26 : 34;
  return chart({
    title,
    subtitle: subtitle ?? summary,
    description: `Confusion matrix: ${summary}${told.length > 0 ? `; most frequent errors: ${told.join(", ")}` : ""}.`,
    width: { step: cell },
    height: { step: cell - 6 },
    encoding: { y: { ...rowAxis, axis: { ticks: false, domain: false } } },
    layer: [
      { data: { values }, encoding: { x: columnAxis(classes) }, layer: [shades, numbers] },
      {
        data: { values: classes.map((name, i) => ({ true: name, recall: `${percent(share(i, i))} found` })) },
        mark: { ...note, dx: 8 },
        encoding: { x: { value: "width" }, text: { field: "recall" } },
      },
    ],
  });
}

/** Names that are wider than their column stand aslant. */
const columnAxis = (classes: readonly string[]) => ({
  field: "predicted",
  type: "nominal",
  title: "predicted class",
  sort: null,
  axis: {
    orient: "top",
    ticks: false,
    domain: false,
    labelOverlap: false,
    ...(classes.some((name) => name.length > 4) ? { labelAngle: -40, labelAlign: "left" } : { labelAngle: 0 }),
  },
});

const shades = {
  mark: { type: "rect", stroke: "#ffffff", strokeWidth: 1, tooltip: true },
  encoding: {
    color: {
      field: "shade",
      type: "quantitative",
      scale: { domain: [-1, -0.001, 0, 0.001, 1], range: ["#dd6414", "#fbe7d9", "#f4f4f4", "#dceaf5", "#2a7fc1"] },
      legend: null,
    },
  },
};

const numbers = {
  transform: [{ filter: "datum.count > 0" }],
  mark: { type: "text", baseline: "middle", fontSize: 11 },
  encoding: {
    text: { field: "count" },
    color: { condition: { test: "abs(datum.shade) > 0.6", value: "#ffffff" }, value: "#222222" },
  },
};
