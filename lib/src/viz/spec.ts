import { inspect } from "node:util";
import { jupyterDisplay, type RichOutput } from "../display";
import { chartBundle } from "./bundle";
import { panel, theme } from "./theme";

/** A chart: plain data in the Vega-Lite 5 grammar, that knows how to show itself as the last expression of a cell. */
export interface VegaLiteSpec {
  $schema: string;
  /** What the chart shows, in a line: for text viewers and screen readers. */
  description: string;
  [property: string]: unknown;
}

/** What a chart kind has to say about itself; the rest is the same for all. */
export interface ChartBody {
  /** The one message of the chart. */
  title: string;
  /** A second, smaller line. */
  subtitle?: string;
  /** What the chart shows, with its numbers, in a line. */
  description: string;
  [property: string]: unknown;
}

/** Version 5, because JupyterLab 4 leaves others blank. */
export const schema = "https://vega.github.io/schema/vega-lite/v5.json";

/** Puts the common parts around a chart. */
export function chart({ title, subtitle, description, ...body }: ChartBody): VegaLiteSpec {
  const composed = ["hconcat", "vconcat", "concat", "facet", "repeat"].some((key) => key in body);
  return selfShowing({
    $schema: schema,
    description: `${title}. ${description}`,
    title: subtitle ? { text: title, subtitle } : title,
    background: "transparent",
    ...(composed ? {} : panel),
    ...body,
    config: theme,
  });
}

/**
 * Adds the methods that kernels look for, and the line that a terminal or a stock tslab prints. They are not enumerable:
 * comparing and copying specs does not see them.
 */
function selfShowing(spec: VegaLiteSpec): VegaLiteSpec {
  return Object.defineProperties(spec, {
    [jupyterDisplay]: { value: (): RichOutput => ({ data: chartBundle(spec) }) },
    [inspect.custom]: { value: () => `${spec.description} Draw it with show(chart).` },
  });
}
