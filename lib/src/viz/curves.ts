import { refuse } from "../check";
import { rounded } from "./numbers";

/** A row of a training's history: what `fit` hands to `onEpochEnd`. */
export interface CurveRow {
  epoch: number;
  [metric: string]: number | undefined;
}

/** The rows of one training, or an object that has them, such as the history that `fit` gives. */
export type CurveRun = readonly CurveRow[] | { readonly rows: readonly CurveRow[] };

/** One run, or runs by name, each with one or more seeds. */
export type CurveRuns = CurveRun | Record<string, CurveRun | readonly CurveRun[]>;

/** One run with the rows of each of its seeds. */
export interface NamedRun {
  name?: string;
  seeds: (readonly CurveRow[])[];
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
  if (isRun(runs)) return [{ seeds: [rowsOf(runs)] }];
  return Object.entries(runs).map(([name, run]) => {
    if (isRun(run)) return { name, seeds: [rowsOf(run)] };
    if (Array.isArray(run) && run.every(isRun)) return { name, seeds: run.map(rowsOf) };
    return refuse(where, name, "rows of a history, or an array of those", run, { kind: TypeError });
  });
}

function isRun(value: unknown): value is CurveRun {
  if (Array.isArray(value)) return value.every((row) => typeof row === "object" && row !== null && "epoch" in row);
  return typeof value === "object" && value !== null && Array.isArray((value as { rows?: unknown }).rows);
}

const rowsOf = (run: CurveRun): readonly CurveRow[] => ("rows" in run ? run.rows : run);

/** The training and, where there is one, the validation curve of a metric: `loss` and `valLoss`. */
export function joinSeeds(run: NamedRun, metric: string, x: string): Curve[] {
  const validation = `val${metric[0].toUpperCase()}${metric.slice(1)}`;
  const curves: [Curve["split"], string][] = [
    ["training", metric],
    ["validation", validation],
  ];
  return curves
    .filter(([, column]) => run.seeds.some((rows) => rows.some((row) => row[column] !== undefined)))
    .map(([split, column]) => ({
      metric,
      run: run.name,
      split,
      seeds: run.seeds.length,
      ...overSeeds(run.seeds, column, x),
    }));
}

/**
 * Mean, lowest and highest over the seeds, row by row, as far as the shortest of them goes: past it the mean would jump only
 * because a run has ended.
 */
function overSeeds(seeds: NamedRun["seeds"], column: string, x: string): Pick<Curve, "x" | "y" | "low" | "high"> {
  // Rows without the column don't count as broken: validation may be measured less often than training.
  const tracks = seeds.map((rows) => rows.filter((row) => row[column] !== undefined));
  const length = Math.min(...tracks.map((rows) => rows.length));
  const at = (i: number, name: string) => tracks.map((rows) => rows[i][name] ?? NaN);
  const over = (name: string, pick: (values: number[]) => number) =>
    Array.from({ length }, (_, i) => rounded(pick(at(i, name))));
  return {
    x: over(x, mean),
    y: over(column, mean),
    low: over(column, (values) => Math.min(...values)),
    high: over(column, (values) => Math.max(...values)),
  };
}

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
