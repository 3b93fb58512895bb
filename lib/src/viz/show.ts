import { display, jupyterDisplay, type RichOutput } from "../display";
import { chartBundle } from "./bundle";

/** Anything that says how it is shown: charts and pictures of this library, results of a kernel's own. */
export interface Showable {
  [jupyterDisplay](): RichOutput;
}

/**
 * Shows a chart or picture below the cell, in the middle of a loop or a function as well. As the last expression of a
 * cell a chart needs no `show`.
 *
 * @param chart a chart of `viz`, or any Vega-Lite 5 spec of your own
 * @throws TypeError where it is neither, Error where Vega-Lite can't draw it
 * @example show(viz.histogram(weights, { title: "Weights start small", x: "weight" }));
 */
export function show(chart: object): void {
  if (typeof chart !== "object" || chart === null || Array.isArray(chart)) {
    throw new TypeError("show() wants a chart. Remedy: make one first, such as show(viz.lineChart(rows, options)).");
  }
  const { data, metadata } = jupyterDisplay in chart ? (chart as Showable)[jupyterDisplay]() : plainSpec(chart);
  display(data, { metadata });
}

const plainSpec = (spec: object): RichOutput => ({ data: chartBundle(spec as Record<string, unknown>) });
