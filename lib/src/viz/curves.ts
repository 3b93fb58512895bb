import { refuse } from "../check";
import { rounded } from "./numbers";

/** A row of a training's history: what `fit` hands to `onEpochEnd`. */
export interface CurveRow {
  epoch: number;
  [metric: string]: number | undefined;
}

/** The rows of one training, or an object that has them, such as the history that `fit` gives. */
export type CurveRun =
  | readonly CurveRow[]
  | {
      readonly rows: readonly CurveRow[];
      /** Rows of every step, whose epochs are fractions; then the training curve is drawn from these. */
      readonly steps?: readonly CurveRow[];
    };

/** One run, or runs by name, each with one or more seeds. */
export type CurveRuns = CurveRun | Record<string, CurveRun | readonly CurveRun[]>;

/** What one seed has measured, by epoch and perhaps by step. */
export interface Seed {
  rows: readonly CurveRow[];
  steps: readonly CurveRow[];
}

/** One run with all of its seeds. */
export interface NamedRun {
  name?: string;
  seeds: Seed[];
}

/** One line: a metric of a run on training or on validation data. */
export interface Curve {
  metric: string;
  run?: string;
  split: "training" | "validation";
  seeds: number;
  x: (number | null)[];
  /** The value, or the mean over seeds. */
  y: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
}

/** Sorts out what was handed in. @throws TypeError where it is no run */
export function readRuns(where: string, runs: CurveRuns): NamedRun[] {
  if (typeof runs !== "object" || runs === null)
    return refuse(where, "runs", "rows of a history", runs, { kind: TypeError });
  if (isRun(runs)) return [{ seeds: [seedOf(runs)] }];
  return Object.entries(runs).map(([name, run]) => {
    if (isRun(run)) return { name, seeds: [seedOf(run)] };
    if (Array.isArray(run) && run.every(isRun)) return { name, seeds: run.map(seedOf) };
    return refuse(where, name, "rows of a history, or an array of those", run, { kind: TypeError });
  });
}

function isRun(value: unknown): value is CurveRun {
  if (Array.isArray(value)) return value.every((row) => typeof row === "object" && row !== null && "epoch" in row);
  return typeof value === "object" && value !== null && Array.isArray((value as { rows?: unknown }).rows);
}

const seedOf = (run: CurveRun): Seed =>
  "rows" in run ? { rows: run.rows, steps: run.steps ?? [] } : { rows: run, steps: [] };

/** What to draw of each run. */
export interface CurveOptions {
  /** Column along the bottom. */
  x: string;
  /** Whether the training curve has a point for each epoch, or follows the steps where they are known. */
  detail: "epoch" | "step";
}

/** The training and, where there is one, the validation curve of a metric: `loss` and `valLoss`. */
export function joinSeeds({ name, seeds }: NamedRun, metric: string, { x, detail }: CurveOptions): Curve[] {
  const bySteps = detail === "step" && x !== "seconds" && seeds.every(({ steps }) => steps.length > 0);
  const validation = `val${metric[0].toUpperCase()}${metric.slice(1)}`;
  const byEpoch = (column: string) => seeds.map(({ rows }) => rows.filter((row) => row[column] !== undefined));
  const training = bySteps ? seeds.map(({ steps }) => blockMeans(steps, [x, metric])) : byEpoch(metric);
  const curves: [Curve["split"], string, CurveRow[][]][] = [
    ["training", metric, training],
    ["validation", validation, byEpoch(validation)],
  ];
  return curves
    .filter(([, column, tracks]) => tracks.some((rows) => rows.some((row) => row[column] !== undefined)))
    .map(([split, column, tracks]) => ({
      metric,
      run: name,
      split,
      seeds: seeds.length,
      ...overSeeds(tracks, column, x),
    }));
}

/** More of them would show the noise of single batches, not the way the training takes. */
const MAX_BLOCKS = 100;

/** Steps that one point of a curve by steps stands for. */
export const blockSize = (steps: number): number => Math.ceil(steps / MAX_BLOCKS);

/** Means of equally many steps in a row. */
function blockMeans(steps: readonly CurveRow[], columns: string[]): CurveRow[] {
  const size = blockSize(steps.length);
  return Array.from({ length: Math.ceil(steps.length / size) }, (_, block) => {
    const part = steps.slice(block * size, (block + 1) * size);
    return Object.fromEntries(columns.map((name) => [name, mean(part.map((row) => row[name] ?? NaN))])) as CurveRow;
  });
}

/**
 * Mean, lowest and highest over the seeds, row by row, as far as the shortest of them goes: past it the mean would jump only
 * because a run has ended.
 */
function overSeeds(tracks: CurveRow[][], column: string, x: string): Pick<Curve, "x" | "y" | "low" | "high"> {
  const length = Math.min(...tracks.map((rows) => rows.length));
  const over = (name: string, pick: (values: number[]) => number) =>
    Array.from({ length }, (_, i) => rounded(pick(tracks.map((rows) => rows[i][name] ?? NaN))));
  return {
    x: over(x, mean),
    y: over(column, mean),
    low: over(column, (values) => Math.min(...values)),
    high: over(column, (values) => Math.max(...values)),
  };
}

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
