import { checkFunction, checkNumber } from "../check";
import { inNotebook, interruptSignal, openDisplay, type LiveDisplay } from "../display";
import { chartBundle } from "./bundle";
import type { CurveRow } from "./curves";
import { learningCurves, type LearningCurvesOptions } from "./learning-curves";
import type { VegaLiteSpec } from "./spec";

/** Makes the chart from the rows so far; `runs` are the same rows by the name they were pushed under. */
export type Draw<Row> = (rows: readonly Row[], runs: Readonly<Record<string, readonly Row[]>>) => VegaLiteSpec;

export interface LiveOptions {
  /** Milliseconds between two draws, 250 at least: more often strains the browser and slows the training. @default 250 */
  interval?: number;
}

/** A chart that grows while a network trains. */
export interface LiveChart<Row> {
  /** Adds a row and draws soon; it needs no `this`, so that it can be handed over: `onEpochEnd: curves.push`. */
  push(this: void, row: Row, ...rest: unknown[]): void;
  /** The same for one of several runs: `onEpochEnd: curves.run("Adam")`. */
  run(this: void, name: string): (row: Row, ...rest: unknown[]) => void;
  /** Draws for the last time, with the picture that the saved notebook keeps. */
  end(this: void): void;
}

const SHORTEST = 250;
/** Milliseconds without a new row after which the chart counts as finished, until the next one comes. */
const QUIET = 1500;

/**
 * A chart that is redrawn as rows come in: at most four times a second, however fast they do, and always once more after
 * the last one, so that what stays on the page is complete. Stop draws it too.
 *
 * Handed the options of `learningCurves`, it shows those; handed a function, it shows what that makes of the rows.
 *
 * @example
 * const curves = live({ title: "The loss falls fast, then slowly" });
 * await train.fit(model, data, { epochs: 10, onEpochEnd: curves.push });
 * curves.end();
 */
export function live(options?: LearningCurvesOptions & LiveOptions): LiveChart<CurveRow>;
export function live<Row extends object>(draw: Draw<Row>, options?: LiveOptions): LiveChart<Row>;
export function live<Row extends object>(
  what: Draw<Row> | (LearningCurvesOptions & LiveOptions) = {},
  given: LiveOptions = {},
): LiveChart<Row> {
  if (typeof what === "function") return start(checkFunction("live()", "draw", what), given);
  const { interval, ...curves } = what;
  const draw: Draw<CurveRow> = (rows, runs) => learningCurves(Object.keys(runs).length > 0 ? runs : rows, curves);
  return start(draw as unknown as Draw<Row>, { interval });
}

function start<Row extends object>(draw: Draw<Row>, { interval = SHORTEST }: LiveOptions): LiveChart<Row> {
  checkNumber("live()", "interval", interval, { min: SHORTEST, max: 60_000 });
  const rows: Row[] = [];
  const runs: Record<string, Row[]> = {};
  const signal = interruptSignal();
  let shown: LiveDisplay | undefined;
  let drawnAt = -Infinity;
  let unfinished = false;
  let timer: NodeJS.Timeout | undefined;

  const redraw = (final: boolean) => {
    clearTimeout(timer);
    // A program prints a chart as a line of text: one at the end is enough.
    if (rows.length === 0 || (!final && !inNotebook())) return;
    const bundle = chartBundle(draw(rows, runs), { svg: final });
    if (shown) shown.update(bundle);
    else shown = openDisplay(bundle);
    drawnAt = Date.now();
    unfinished = !final;
  };
  const rest = () => {
    redraw(false);
    timer = setTimeout(() => redraw(true), QUIET);
  };
  const end = () => {
    signal.removeEventListener("abort", end);
    clearTimeout(timer);
    if (unfinished) redraw(true);
  };
  const add = (row: Row, name?: string) => {
    const first = name === undefined ? rows : (runs[name] ??= []);
    first.push(row);
    if (name !== undefined) rows.push(row);
    unfinished = true;
    clearTimeout(timer);
    const due = drawnAt + interval - Date.now();
    if (due <= 0) redraw(false);
    timer = due <= 0 ? setTimeout(() => redraw(true), QUIET) : setTimeout(rest, due);
  };
  signal.addEventListener("abort", end, { once: true });
  return { push: (row) => add(row), run: (name) => (row) => add(row, name), end };
}
