import type { View } from "./view";

const SCHEMA = /^https:\/\/vega\.github\.io\/schema\/(vega|vega-lite)\/v(\d+)/;

/** Versions that JupyterLab draws, of both languages. */
const DRAWN = ["3", "4", "5"];

/**
 * A Vega or Vega-Lite specification, known by its `$schema`: drawn by the front end.
 *
 * JupyterLab draws Vega 5 and Vega-Lite 5. The MIME type of any other version would stay an empty cell, so a
 * Vega-Lite 6 chart is shown as 5, which draws everything that the two have in common.
 */
export const vega: View = (value) => {
  if (typeof value !== "object" || value === null) return null;
  const spec = value as Record<string, unknown>;
  const match = typeof spec.$schema === "string" ? SCHEMA.exec(spec.$schema) : null;
  if (match === null) return null;
  const [, language, version] = match;
  const drawn = DRAWN.includes(version) ? version : "5";
  const $schema = `https://vega.github.io/schema/${language}/v${drawn}.json`;
  const title = typeof spec.title === "string" ? `: ${spec.title}` : "";
  return {
    data: {
      [`application/vnd.${language === "vega-lite" ? "vegalite" : "vega"}.v${drawn}+json`]: { ...spec, $schema },
      "text/plain": `${language === "vega-lite" ? "Vega-Lite" : "Vega"} chart${title}`,
    },
    metadata: {},
  };
};
