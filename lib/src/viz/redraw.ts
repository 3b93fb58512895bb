import { checkNumber } from "../check";
import {
  inNotebook,
  interruptSignal,
  jupyterDisplay,
  openDisplay,
  type LiveDisplay,
  type RichOutput,
} from "../display";
import { chartBundle } from "./bundle";
import type { Picture } from "./image-grid";
import type { VegaLiteSpec } from "./spec";

/** The shortest time between two draws in milliseconds: more often strains the browser and slows the training. */
const SHORTEST = 250;
/** Milliseconds without a change after which the chart counts as finished, until the next one comes. */
const QUIET = 1500;

/** A chart on the page that follows its data. */
export interface Redraw {
  /** Draws soon: at once if the last draw is long enough ago. */
  changed(): void;
  /** Draws for the last time, with the picture that the saved notebook keeps. */
  end(this: void): void;
}

/**
 * Redraws a chart at most once an interval, and always once more after the last change. Timers don't fire while a loop
 * blocks, so every change looks at the clock as well; Stop draws, too.
 *
 * The SVG is only made for the last draw: it takes a tenth of a second that a training would pay for again and again.
 *
 * @param draw makes the chart, or the picture, from the data as they are
 */
export function redraw(draw: () => VegaLiteSpec | Picture, interval: number = SHORTEST): Redraw {
  checkNumber("live()", "interval", interval, { min: SHORTEST, max: 60_000 });
  const signal = interruptSignal();
  let shown: LiveDisplay | undefined;
  let drawnAt = -Infinity;
  let unfinished = false;
  let timer: NodeJS.Timeout | undefined;

  const show = (final: boolean) => {
    // A program prints a chart as a line of text: one at the end is enough.
    if (!final && !inNotebook()) return;
    const { data, metadata } = outputOf(draw(), final);
    if (shown) shown.update(data, metadata);
    else shown = openDisplay(data, metadata);
    unfinished = !final;
  };
  const finish = () => {
    if (unfinished) show(true);
  };
  const follow = () => {
    drawnAt = performance.now();
    timer = setTimeout(finish, QUIET);
    show(false);
  };
  const end = () => {
    signal.removeEventListener("abort", end);
    clearTimeout(timer);
    finish();
  };
  signal.addEventListener("abort", end, { once: true });
  return {
    end,
    changed() {
      unfinished = true;
      clearTimeout(timer);
      const due = drawnAt + interval - performance.now();
      if (due <= 0) follow();
      else timer = setTimeout(follow, due);
    },
  };
}

const outputOf = (drawn: VegaLiteSpec | Picture, final: boolean): RichOutput =>
  "png" in drawn ? (drawn as Picture)[jupyterDisplay]() : { data: chartBundle(drawn as VegaLiteSpec, { svg: final }) };
