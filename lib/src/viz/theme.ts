/**
 * One grammar for all charts: the same size, the same colours, axes with names and units, one message in the title.
 *
 * Nothing here says which colour text or background has: JupyterLab gives both, light or dark. Colours of marks are in
 * the middle of the brightness scale, so that they stand out against either.
 */

/**
 * Colours for up to eight things, told apart with any kind of colour vision. Okabe and Ito: Color Universal Design,
 * 2008, with the brightness moved to the middle; black became grey.
 */
export const palette = [
  "#2a7fc1", // blue
  "#dd6414", // vermilion
  "#16a07a", // green
  "#b565a7", // purple
  "#c98d00", // amber
  "#4cb0e4", // sky
  "#8a8a8a", // grey
  "#a4550f", // brown
] as const;

/** A paler tint of a colour, opaque: marks that touch must not show seams, and text on it is read on any page. */
export function mixWithWhite(color: string, share: number): string {
  const channels = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  return `#${channels
    .map((value) =>
      Math.round(255 - (255 - value) * share)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}

/** Size of one panel, in pixels. Two beside each other fit a notebook's column. */
export const panel = { width: 460, height: 260 } as const;

/** A panel of which two stand side by side. */
export const halfPanel = { width: 280, height: 220 } as const;

/** Helvetica's widths are known wherever an SVG is made; Arial and Liberation Sans have the same. */
const font = "Helvetica, Arial, sans-serif";

const grey = "#888888";

/**
 * Text beside marks, read on white and on black alike. Vega-Lite writes the colour of such text into the chart, so that it
 * doesn't follow the page's theme as the axes' labels do.
 */
export const note = { type: "text", color: "#808080", align: "left", baseline: "middle" } as const;

/** Vega-Lite's `config` of every chart. */
export const theme = {
  font,
  view: { stroke: null },
  title: { anchor: "start", fontSize: 14, fontWeight: "bold", subtitleFontSize: 12, offset: 10, subtitlePadding: 4 },
  axis: {
    domainColor: grey,
    tickColor: grey,
    gridColor: grey,
    gridOpacity: 0.2,
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: "normal",
    labelOverlap: true,
    titlePadding: 8,
  },
  legend: { labelFontSize: 11, titleFontSize: 12, titleFontWeight: "normal", symbolStrokeWidth: 2.5, labelLimit: 200 },
  header: { labelFontSize: 12, titleFontSize: 12 },
  line: { strokeWidth: 2, strokeCap: "round", strokeJoin: "round", color: palette[0] },
  point: { filled: true, size: 40, color: palette[0] },
  bar: { color: palette[0] },
  area: { color: palette[0] },
  rect: { color: palette[0] },
  range: { category: [...palette] },
} as const;
