/**
 * A picture of an environment as data: a list of shapes. The same shapes in the same order at every step, only with other
 * numbers, so that an animation can move them instead of drawing every frame anew.
 */
export interface Scene {
  /** Size in pixels; x goes right, y goes down. */
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

/** An SVG element: its name, its attributes, and the text within it. */
export interface Shape {
  readonly tag: "line" | "circle" | "rect" | "polyline" | "polygon" | "path" | "text";
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly text?: string;
}

/** Makes a shape: `shape("circle", { cx: 10, cy: 10, r: 5, fill: "grey" })`. Names are SVG's own. */
export const shape = (tag: Shape["tag"], attributes: Shape["attributes"], text?: string): Shape => ({
  ...{ tag, attributes },
  ...(text === undefined ? {} : { text }),
});

/** Numbers as SVG has them: a hundredth of a pixel is enough. */
export const svgNumber = (value: string | number): string =>
  typeof value === "number" ? String(Number(value.toFixed(2))) : escapeXml(value);

/** Text that may hold anything, safe within SVG and HTML. */
export const escapeXml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** A shape as SVG text, with what an animation puts inside it. */
export function shapeToSvg({ tag, attributes, text }: Shape, inside = ""): string {
  const list = Object.entries(attributes).map(([name, value]) => ` ${name}="${svgNumber(value)}"`);
  const content = (text === undefined ? "" : escapeXml(text)) + inside;
  return content === "" ? `<${tag}${list.join("")}/>` : `<${tag}${list.join("")}>${content}</${tag}>`;
}

/** The SVG file around shapes that are written already, on white: viewers don't say how dark their page is. */
export const svgFile = ({ width, height }: Scene, description: string, shapes: readonly string[]): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
  `role="img" stroke-linecap="round" font-family="Helvetica, Arial, sans-serif"><title>${escapeXml(description)}</title>` +
  `<rect width="${width}" height="${height}" fill="#ffffff"/>${shapes.join("")}</svg>`;

/** A scene as the text of an SVG file. */
export const sceneToSvg = (scene: Scene, description: string): string =>
  svgFile(
    scene,
    description,
    scene.shapes.map((each) => shapeToSvg(each)),
  );
