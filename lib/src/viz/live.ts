import { checkFunction } from "../check";
import type { CurveRow, CurveRun } from "./curves";
import { learningCurves, type LearningCurvesOptions } from "./learning-curves";
import type { Picture } from "./image-grid";
import { redraw } from "./redraw";
import type { VegaLiteSpec } from "./spec";

/** Makes a chart, or a picture of images, from the rows so far. */
export type Draw<Row> = (rows: readonly Row[]) => VegaLiteSpec | Picture;

export interface LiveOptions {
  /** Milliseconds between two draws, 250 at least. @default 250 */
  interval?: number;
}

/** A chart that grows row by row. Its methods need no `this`, so that they can be handed over. */
export interface LiveChart<Row> {
  /** Adds a row and draws soon. */
  push(this: void, row: Row): void;
  /** Draws for the last time, with the picture that the saved notebook keeps. */
  end(this: void): void;
}

/** Learning curves that grow while a network trains. */
export interface LiveCurves {
  /** Adds a row, or takes a whole history as it is now; draws soon. For `onEpochEnd` or, step by step, `onUpdate` of `fit`. */
  push(this: void, news: CurveRow | LiveHistory): void;
  /** The same for one of several runs: `onEpochEnd: curves.run("Adam")`. */
  run(this: void, name: string): (news: CurveRow | LiveHistory) => void;
  /** Draws for the last time, with the picture that the saved notebook keeps. */
  end(this: void): void;
}

/** A history that goes on growing, such as the one that `fit` hands to `onUpdate`. */
export type LiveHistory = Exclude<CurveRun, readonly CurveRow[]>;

/**
 * A chart that is redrawn as rows come in: at most four times a second, however fast they do, and always once more after
 * the last one, so that what stays on the page is complete. Stop draws it too.
 *
 * Handed the options of `learningCurves`, it shows those; handed a function, it shows what that makes of the rows.
 *
 * @example
 * const curves = live({ title: "The loss falls fast, then slowly" });
 * await train.fit(model, data, { epochs: 10, onUpdate: curves.push });
 * curves.end();
 */
export function live(options?: LearningCurvesOptions & LiveOptions): LiveCurves;
export function live<Row extends object>(draw: Draw<Row>, options?: LiveOptions): LiveChart<Row>;
export function live<Row extends object>(
  what: Draw<Row> | (LearningCurvesOptions & LiveOptions) = {},
  options: LiveOptions = {},
): LiveChart<Row> | LiveCurves {
  return typeof what === "function" ? liveChart(checkFunction("live()", "draw", what), options) : liveCurves(what);
}

function liveChart<Row extends object>(draw: Draw<Row>, { interval }: LiveOptions): LiveChart<Row> {
  const rows: Row[] = [];
  const chart = redraw(() => draw(rows), interval);
  const push = (row: Row) => {
    rows.push(row);
    chart.changed();
  };
  return { push, end: chart.end };
}

/** Under no name, rows are the only run. */
const ONLY = "";

function liveCurves({ interval, ...options }: LearningCurvesOptions & LiveOptions): LiveCurves {
  const runs: Record<string, CurveRun> = {};
  const chart = redraw(
    () => learningCurves(ONLY in runs ? runs[ONLY] : runs, { detail: "step", ...options }),
    interval,
  );
  const run = (name: string) => (news: CurveRow | LiveHistory) => {
    if (isHistory(news)) runs[name] = news;
    else (runs[name] as CurveRow[]) = [...((runs[name] as CurveRow[] | undefined) ?? []), news];
    if (hasRows(runs[name])) chart.changed();
  };
  return { push: run(ONLY), run, end: chart.end };
}

const isHistory = (news: CurveRow | LiveHistory): news is LiveHistory => Array.isArray((news as LiveHistory).rows);

const hasRows = (run: CurveRun): boolean =>
  ("rows" in run ? run.rows.length + (run.steps?.length ?? 0) : run.length) > 0;
