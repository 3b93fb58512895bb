import { checkOneOf, checkOptions } from "../check";
import { checkRows, checkTitle, inWords } from "./axis";
import { blockSize, joinSeeds, readRuns, type Curve, type CurveRuns, type Seed } from "./curves";
import { downsample, pointsPerLine } from "./downsample";
import { span } from "./line-chart";
import { rounded } from "./numbers";
import { chart, type VegaLiteSpec } from "./spec";
import { halfPanel, palette, panel } from "./theme";

export interface LearningCurvesOptions {
  /** The chart's one message. @default "Learning curves" */
  title?: string;
  /** What runs along the bottom. @default "epoch" */
  x?: "epoch" | "step" | "seconds";
  /** Columns to draw, a panel each; each brings its validation curve along (`loss`: `valLoss`). @default loss, accuracy */
  metrics?: string[];
  /** Powers of ten at equal distances on the loss axis. @default false */
  logLoss?: boolean;
  /**
   * A point for each epoch, or the training curve by steps, as means of so many steps that 100 points remain. By steps, one
   * sees what happens within the first epoch. Needs a history with `steps`. @default "epoch"
   */
  detail?: "epoch" | "step";
  /** A second, smaller line. */
  subtitle?: string;
}

/**
 * How loss and accuracy develop while a network trains, on training and validation data, a panel for each metric.
 *
 * One run is its rows; several runs are `{ name: rows }`; several seeds of a run are `{ name: [rows, rows, …] }`, drawn as
 * their mean with a band from the lowest to the highest. Where a value is not finite the line breaks, and the subtitle
 * says when that began.
 *
 * @throws TypeError where a metric is not in the rows, RangeError where there are none
 * @example learningCurves({ SGD: [a, b, c], Adam: [d, e, f] }, { title: "Adam is ahead from the first epoch" })
 */
export function learningCurves(runs: CurveRuns, options: LearningCurvesOptions = {}): VegaLiteSpec {
  const where = "learningCurves()";
  checkOptions(where, options, ["title", "x", "metrics", "logLoss", "detail", "subtitle"]);
  const { title = "Learning curves", x = "epoch", logLoss = false, detail = "epoch" } = options;
  checkTitle(where, title);
  const named = readRuns(where, runs);
  const seeds = named.flatMap((run) => run.seeds);
  const rows = seeds.flatMap((seed) => [...seed.rows, ...(detail === "step" ? seed.steps : [])]);
  checkOneOf(where, "x", x, ["epoch", "step", "seconds"]);
  checkOneOf(where, "detail", detail, ["epoch", "step"]);
  checkRows(where, rows);
  const has = (name: string) => rows.some((row) => row[name] !== undefined);
  const metrics = options.metrics ?? ["loss", "accuracy"].filter(has);
  const unknown = metrics.find((metric) => !has(metric)) ?? (metrics.length === 0 ? "loss" : undefined);
  if (unknown !== undefined) {
    const known = [...new Set(rows.flatMap((row) => Object.keys(row)))].join(", ");
    throw new TypeError(`${where} found no column "${unknown}" in the rows. They have ${known}.`);
  }
  const curves = metrics.flatMap((metric) => named.flatMap((run) => joinSeeds(run, metric, { x, detail })));
  const limit = pointsPerLine(curves.length);
  const several = named.length > 1 || named[0].name !== undefined;
  const panels = metrics.map((metric) =>
    metricPanel(metric, curves, { x, several, log: logLoss && metric === "loss" }),
  );
  return chart({
    title,
    subtitle:
      [options.subtitle, ...notes(curves, x), ...stepNote(seeds, detail)].filter(Boolean).join(" · ") || undefined,
    description: `${curves.map((curve) => `${labelOf(curve)} ${span(curve.y)}`).join("; ")}; over ${inWords(x)}.`,
    data: { values: curves.flatMap((curve) => drawnRows(curve, limit, several)) },
    ...(panels.length === 1 ? { ...panel, ...panels[0] } : { ...besides(panels), spacing: 28 }),
  });
}

/** Two panels beside each other; more of them in rows of two, since a third would stand outside of the notebook's column. */
function besides(panels: Record<string, unknown>[]): Record<string, unknown> {
  const halves = panels.map((part) => ({ ...halfPanel, ...part }));
  return halves.length === 2 ? { hconcat: halves } : { concat: halves, columns: 2 };
}

/** Points that can be told apart are marked with dots. */
const isShort = ({ x }: Curve): boolean => x.length <= 30;

const labelOf = ({ run, split, metric }: Curve): string =>
  [run, split === "validation" ? "validation" : "", inWords(metric)].filter(Boolean).join(" ");

const drawnRows = (curve: Curve, limit: number, several: boolean): Record<string, unknown>[] =>
  downsample(curve.y, limit).map((i) => ({
    metric: curve.metric,
    ...(several && { run: curve.run }),
    data: curve.split,
    x: curve.x[i],
    y: curve.y[i],
    ...(isShort(curve) && { dot: 1 }),
    ...(curve.seeds > 1 && { low: curve.low[i], high: curve.high[i] }),
  }));

/** The legend shows lines as they are drawn, dashes included, and none of the band's paleness. */
const strokes = { symbolType: "stroke", symbolSize: 400, symbolOpacity: 1 };

interface PanelOptions {
  x: string;
  several: boolean;
  log: boolean;
}

function metricPanel(metric: string, all: Curve[], { x, several, log }: PanelOptions): Record<string, unknown> {
  const curves = all.filter((curve) => curve.metric === metric);
  const splits = [...new Set(all.map(({ split }) => split))];
  const color = several
    ? { field: "run", type: "nominal", title: null, sort: null, legend: strokes }
    : {
        field: "data",
        type: "nominal",
        title: null,
        legend: strokes,
        scale: { domain: splits, range: palette.slice(0, splits.length) },
      };
  const dash = splits.length > 1 && {
    strokeDash: {
      field: "data",
      type: "nominal",
      title: null,
      legend: strokes,
      scale: {
        domain: splits,
        range: [
          [1, 0],
          [5, 4],
        ],
      },
    },
  };
  const scale = { zero: false, ...(log && { type: "log" }) };
  const share =
    metric.toLowerCase().includes("accuracy") && curves.every(({ y }) => y.every((v) => v === null || v <= 1));
  const y = {
    field: "y",
    type: "quantitative",
    title: inWords(metric),
    scale,
    ...(share && { axis: { format: "~%" } }),
  };
  const places = [...new Set(curves.flatMap((curve) => curve.x))].filter((place) => place !== null);
  // Left to itself Vega-Lite puts ticks at half epochs where there are few, and rounds their labels: 1 2 2.
  const few = places.length <= 12 && places.every(Number.isInteger) && { values: places.sort((a, b) => a - b) };
  // Within the first epoch rounded labels would all be 0.
  const close = !few && places.every((place) => Math.abs(place - places[0]) < 1);
  const integers = x === "seconds" || close ? {} : { axis: { format: "~d", tickMinStep: 1, ...few } };
  const band = { mark: { type: "area", opacity: 0.2 }, encoding: { y: { ...y, field: "low" }, y2: { field: "high" } } };
  const line = { mark: { type: "line" }, encoding: { y, ...dash } };
  // A curve of one point has no line yet; its dot is all there is to see.
  const dots = { transform: [{ filter: "datum.dot" }], mark: { type: "point", opacity: 1 }, encoding: { y } };
  return {
    transform: [{ filter: `datum.metric === ${JSON.stringify(metric)}` }],
    encoding: {
      x: {
        field: "x",
        type: "quantitative",
        title: x === "seconds" ? "time (s)" : x,
        scale: { zero: false, nice: false },
        ...integers,
      },
      color,
      ...(several && { detail: { field: "data" } }),
    },
    layer: [...(curves.some(({ seeds }) => seeds > 1) ? [band] : []), line, ...(curves.some(isShort) ? [dots] : [])],
  };
}

function stepNote(seeds: Seed[], detail: "epoch" | "step"): string[] {
  const size = detail === "step" ? Math.max(...seeds.map(({ steps }) => blockSize(steps.length))) : 1;
  return size > 1 ? [`training: means of ${size} steps`] : [];
}

/** What the eye would miss: how many seeds a line stands for, and where a training went wrong. */
function notes(curves: Curve[], x: string): string[] {
  const counts = curves.map((curve) => curve.seeds);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  const broken = curves.flatMap((curve) => {
    const at = curve.y.indexOf(null);
    return at < 0 ? [] : [`${labelOf(curve)} is not finite at ${x} ${rounded(curve.x[at] ?? at)}`];
  });
  return [
    ...(most > 1
      ? [`mean of ${fewest === most ? "" : `${fewest} to `}${most} seeds, band from lowest to highest`]
      : []),
    ...broken.slice(0, 2),
  ];
}
