import { createRequire } from "node:module";
import type * as vegaModule from "vega";
import type * as vegaLiteModule from "vega-lite";
import { textWidth } from "./text-width";
import { theme } from "./theme";

interface TextItem {
  fontSize?: number;
  fontWeight?: string | number;
}

/** Parts of Vega that its type declarations leave out. */
interface Vega {
  parse: typeof vegaModule.parse;
  View: new (...args: ConstructorParameters<typeof vegaModule.View>) => HeadlessView;
  SVGStringRenderer: new () => SvgRenderer;
  textMetrics: { width(item: TextItem, text: unknown): number };
}

interface HeadlessView extends Omit<vegaModule.View, "scenegraph"> {
  scenegraph(): { root: unknown };
  _viewWidth: number;
  _viewHeight: number;
}

interface SvgRenderer {
  initialize(element: null, width: number, height: number, origin: number[], scale: number): SvgRenderer;
  background(color: string): SvgRenderer;
  render(root: unknown): SvgRenderer;
  svg(): string;
}

/** Where there is no Helvetica, a font a sixth wider stands in for it on some machines: labels must not be cut there. */
const spare = 7 / 6;

let loaded: { vega: Vega; vegaLite: typeof vegaLiteModule } | undefined;

/** Loads Vega with the first chart: a fifth of a second that a program without charts need not spend. */
function load() {
  if (loaded) return loaded;
  const require = createRequire(__filename);
  const vega = require("vega") as Vega;
  vega.textMetrics.width = ({ fontSize = 11, fontWeight }, text) =>
    spare * textWidth(String(text ?? ""), fontSize, fontWeight === "bold" || Number(fontWeight) >= 600);
  loaded = { vega, vegaLite: require("vega-lite") as typeof vegaLiteModule };
  return loaded;
}

/**
 * Draws a Vega-Lite spec as SVG text, on white: viewers that fall back to a picture don't say how dark their page is.
 *
 * `View.toSVG` of Vega would give a promise, only because images may have to be loaded. Without any, all is there after
 * `run()`, so that `show(chart)` needs no `await`.
 *
 * @throws Error with Vega's own words where it can't draw the spec
 */
export function renderSvg(spec: Record<string, unknown>): string {
  const { vega, vegaLite } = load();
  const warnings: string[] = [];
  try {
    // Without a label for every mark the text is a third as long; the chart's own description is beside it anyway.
    const config = { ...(spec.config as object), aria: false };
    const plain = { ...spec, config } as never;
    const compiled = vegaLite.compile(plain, { logger: quiet(warnings) });
    const view = new vega.View(vega.parse(compiled.spec), { renderer: "none", logLevel: 0 });
    try {
      view.run();
      return shortened(drawn(vega, view));
    } finally {
      view.finalize();
    }
  } catch (error) {
    const hint = warnings.length > 0 ? ` Vega-Lite warns: ${warnings.join(" ")}` : "";
    throw new Error(`show() could not draw this chart: ${(error as Error).message}.${hint}`, { cause: error });
  }
}

function drawn(vega: Vega, view: HeadlessView): string {
  const { left, right, top, bottom } = view.padding() as Record<"left" | "right" | "top" | "bottom", number>;
  const [x, y] = view.origin();
  return new vega.SVGStringRenderer()
    .initialize(null, view._viewWidth + left + right, view._viewHeight + top + bottom, [left + x, top + y], 1)
    .background("white")
    .render(view.scenegraph().root)
    .svg();
}

/** Attributes that say what is so anyway, and parts that are hidden: a third of what Vega writes. */
const needless =
  / (?:opacity|stroke-width|fill-opacity)="1"| pointer-events="none"| aria-hidden="true"|<path[^>]*display="none"\/>/g;

/** A hundredth of a pixel is enough: Vega writes 15 digits, and outputs are committed. Texts are left as they are. */
const shortened = (svg: string): string =>
  svg
    .replace(needless, "")
    .replaceAll(` font-family="${theme.font}"`, "")
    .replace("<svg ", `<svg font-family="${theme.font}" `)
    .replace(/ (?:d|transform|[xy][12]?|width|height)="[^"]*"/g, (attribute) =>
      attribute.replace(/-?\d+\.\d{3,}(?:e-\d+)?/g, (number) => String(Number(Number(number).toFixed(2)))),
    );

/** Keeps Vega-Lite's warnings for the error message: on the console they would appear below the learner's chart. */
function quiet(warnings: string[]): vegaModule.LoggerInterface {
  const logger = {
    level: () => logger,
    error: (...words: unknown[]) => (warnings.push(words.join(" ")), logger),
    warn: (...words: unknown[]) => (warnings.push(words.join(" ")), logger),
    info: () => logger,
    debug: () => logger,
  };
  return logger as unknown as vegaModule.LoggerInterface;
}
