import { inspect } from "node:util";
import { checkInteger, checkNumber, checkOptions, refuse } from "../check";
import { jupyterDisplay, type RichOutput } from "../display";
import { escapeXml, shapeToSvg, svgFile, svgNumber, type Scene, type Shape } from "../rl/scene";
import { checkTitle } from "./axis";

export interface AnimationOptions {
  /** What it shows, in a sentence: the line above it. */
  title: string;
  /** What is to be seen, for whoever doesn't see it. @default the title, the panels and how long it takes */
  description?: string;
  /** Pictures a second, from 1 to 60. @default 30 */
  framesPerSecond?: number;
  /** Panels in a row. @default as many as there is room for */
  columns?: number;
}

/** Moving pictures that show themselves as the last expression of a cell, or with `show`. */
export interface Animation {
  /** The SVG files, one a panel. */
  readonly svgs: readonly string[];
  readonly description: string;
  /** The line that a terminal or a stock tslab prints. */
  [inspect.custom](): string;
  [jupyterDisplay](): RichOutput;
}

/**
 * Plays scenes, over and over: one list of them, or several side by side by their names, in step with each other.
 *
 * It is an SVG whose shapes move by themselves (SMIL), without a script, so that it plays in a notebook that was not run
 * here yet, and in a page that it was saved to. Where nothing moves, the picture from the middle stays.
 *
 * @param scenes pictures of one size with the same shapes, such as `rl.record(env).scenes`
 * @throws RangeError where there are none, or where they differ in size or shapes
 * @example animation({ untrained: before.scenes, trained: after.scenes }, { title: "It learnt to balance" })
 */
export function animation(
  scenes: readonly Scene[] | Readonly<Record<string, readonly Scene[]>>,
  options: AnimationOptions,
): Animation {
  const where = "animation()";
  checkOptions(where, options, ["title", "description", "framesPerSecond", "columns"]);
  const { title, framesPerSecond = 30, columns } = options;
  checkTitle(where, title);
  checkNumber(where, "framesPerSecond", framesPerSecond, { min: 1, max: 60 });
  if (columns !== undefined) checkInteger(where, "columns", columns, { min: 1 });
  const panels = Array.isArray(scenes) ? [["", scenes as readonly Scene[]] as const] : Object.entries(scenes);
  if (panels.length === 0) refuse(where, "scenes", "at least one list of scenes", scenes);
  for (const [name, list] of panels) checkScenes(where, name, list);
  const frames = Math.max(...panels.map(([, list]) => list.length));
  const seconds = Number((frames / framesPerSecond).toFixed(2));
  const names = panels.filter(([name]) => name !== "").map(([name]) => name);
  const beside = names.length > 0 ? ` Side by side: ${names.join(", ")}.` : "";
  const { description = `Animation: ${title}.${beside} ${seconds} s long, in a loop.` } = options;
  const svgs = panels.map(([name, list]) => movingSvg(list, frames, seconds, name === "" ? description : name));
  return {
    ...{ svgs, description },
    [inspect.custom]: () => description,
    [jupyterDisplay]: () => ({
      data: { "text/html": page(title, panels, svgs, description, columns), "text/plain": description },
    }),
  };
}

function checkScenes(where: string, name: string, scenes: readonly Scene[]): void {
  const what = name === "" ? "scenes" : `scenes of ${JSON.stringify(name)}`;
  if (!Array.isArray(scenes) || scenes.length === 0) refuse(where, what, "at least one scene", scenes);
  const kind = ({ width, height, shapes }: Scene) => `${width} × ${height}: ${shapes.map(({ tag }) => tag).join(" ")}`;
  const first = kind(scenes[0] as Scene);
  scenes.forEach((scene: Scene, i) => {
    if (kind(scene) === first) return;
    const remedy = "draw the same shapes in the same order at every step; hide one by opacity 0.";
    refuse(where, `${what} at ${i}`, `of the same size and shapes as the first (${first})`, kind(scene), { remedy });
  });
}

/** A tenth of a pixel is enough for what moves. */
const brief = (value: string | number): string =>
  typeof value === "number" ? String(Number(value.toFixed(1))) : svgNumber(value);

/** One panel: each shape is written once, with the values that its attributes take. A shorter one waits at its end. */
function movingSvg(scenes: readonly Scene[], frames: number, seconds: number, description: string): string {
  const middle = scenes[Math.floor((scenes.length - 1) / 2)];
  const { width, height } = middle;
  const timing = `dur="${seconds}s" repeatCount="indefinite"`;
  const shapes = middle.shapes.map((shape, i) => {
    const moving = Object.keys(shape.attributes).map((name) => {
      const values = Array.from({ length: frames }, (_, at) => {
        const { attributes }: Shape = scenes[Math.min(at, scenes.length - 1)].shapes[i];
        return brief(attributes[name] ?? "");
      });
      if (values.every((value) => value === values[0])) return "";
      return `<animate attributeName="${name}" ${timing} calcMode="discrete" values="${values.join(";")}"/>`;
    });
    return shapeToSvg(shape, moving.join(""));
  });
  const bar = `<animate attributeName="width" ${timing} values="0;${width}"/>`;
  const time = `<rect y="${height - 2}" width="0" height="2" fill="#8a8a8a">${bar}</rect>`;
  return svgFile(middle, description, frames > 1 ? [...shapes, time] : shapes);
}

/**
 * As `<img>` with the SVG inside: JupyterLab lets that through from notebooks that it doesn't trust yet, where it refuses a
 * plain SVG.
 */
function page(
  title: string,
  panels: readonly (readonly [string, readonly Scene[]])[],
  svgs: readonly string[],
  description: string,
  columns: number | undefined,
): string {
  const figures = panels.map(([name, [{ width, height }]], i) => {
    const source = `data:image/svg+xml;base64,${Buffer.from(svgs[i]).toString("base64")}`;
    const alt = escapeXml(name === "" ? description : name);
    const image = `<img src="${source}" width="${width}" height="${height}" alt="${alt}">`;
    return name === ""
      ? image
      : `<td style="text-align: left; vertical-align: top">${escapeXml(name)}<br>${image}</td>`;
  });
  const heading = `<p><strong>${escapeXml(title)}</strong></p>`;
  if (panels[0][0] === "") return heading + figures.join("");
  const perRow = columns ?? Math.max(1, Math.floor(800 / (panels[0][1][0].width + 16)));
  const rows = Array.from({ length: Math.ceil(figures.length / perRow) }, (_, row) =>
    figures.slice(row * perRow, (row + 1) * perRow).join(""),
  );
  return `${heading}<table>${rows.map((row) => `<tr style="background-color: transparent">${row}</tr>`).join("")}</table>`;
}
