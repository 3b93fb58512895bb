import type { MimeBundle } from "../display";
import { renderSvg } from "./svg";

/** JupyterLab's name for Vega-Lite 5; it wants the object, not its text. */
export const vegaLiteType = "application/vnd.vegalite.v5+json";

interface BundleOptions {
  /** Adds the picture for viewers without Vega. @default true */
  svg?: boolean;
}

/**
 * A chart for every viewer: Vega-Lite for JupyterLab, an SVG for GitHub and other pages, a line of text for the rest.
 *
 * @throws TypeError where this is no Vega-Lite 5 spec, Error where Vega-Lite refuses it
 */
export function chartBundle(spec: Record<string, unknown>, { svg = true }: BundleOptions = {}): MimeBundle {
  const { $schema } = spec;
  if (typeof $schema !== "string" || !/\/vega-lite\/v5(\.[\d.]+)?\.json$/.test($schema)) {
    throw new TypeError(
      `show() wants a Vega-Lite 5 spec, got one with $schema ${JSON.stringify($schema)}. ` +
        'Remedy: set $schema to "https://vega.github.io/schema/vega-lite/v5.json", the version that JupyterLab draws.',
    );
  }
  return {
    [vegaLiteType]: spec,
    ...(svg && { "image/svg+xml": renderSvg(spec) }),
    "text/plain": textOf(spec),
  };
}

/** The line of text: what the chart says about itself, else its title. */
function textOf({ description, title }: Record<string, unknown>): string {
  if (typeof description === "string" && description !== "") return description;
  const text = typeof title === "object" && title !== null ? (title as { text?: unknown }).text : title;
  return typeof text === "string" && text !== "" ? `Chart: ${text}` : "Chart without a title";
}
