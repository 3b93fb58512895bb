import { inspect } from "node:util";
import { PNG } from "pngjs";
import { checkInteger, checkOneOf, checkOptions, refuse } from "../check";
import { jupyterDisplay, type RichOutput } from "../display";
import { readImages, type ImageSource, type Images, type PixelColors, type PixelRange } from "./images";
import { FONT_HEIGHT, setText, type PixelText } from "./pixel-font";

export interface ImageGridOptions {
  /** A line above the images. */
  title?: string;
  /** A line below each image: its label, or what it was taken for. */
  captions?: ArrayLike<string | number>;
  /** Images to point out, such as those that were classified wrongly: their frame and caption become vermilion. */
  highlight?: ArrayLike<boolean>;
  /** Images in a row. @default as many as fit, at most 10 */
  columns?: number;
  /** At most so many images, from the first on. @default 100 */
  limit?: number;
  /** Width of an image on the page, in CSS pixels. @default 64 */
  size?: number;
  /** What is black and what is white; "auto" takes the lowest and the highest value. @default see `readImages` */
  range?: PixelRange;
  /** "signed" for weights and gradients: 0 is white, what is above is blue, what is below vermilion. @default "grey" */
  colors?: PixelColors;
  /** For typed arrays, which have no shape: `[n, height, width]` or `[n, height, width, channels]`. */
  shape?: readonly number[];
}

/** A picture of pixels that shows itself as the last expression of a cell, or with `show`. */
export interface Picture {
  /** The PNG file. */
  readonly png: Buffer;
  /** Size on the page in CSS pixels; the file has twice as many each way, for sharp screens. */
  readonly width: number;
  readonly height: number;
  readonly description: string;
  /** The line that a terminal or a stock tslab prints. */
  [inspect.custom](): string;
  [jupyterDisplay](): RichOutput;
}

/** Pixels of the file for one CSS pixel. */
const density = 2;
/** Pixels of the file for one of the font: letters 10 CSS pixels high. */
const fontScale = 3;
const gap = 12;
/** Width of a notebook's column in pixels of the file. */
const pageWidth = 760 * density;

/** Grey that can be read on white and on black; vermilion for what is pointed out. */
const ink = [128, 128, 128] as const;
const accent = [221, 100, 20] as const;

/**
 * Images side by side, each pixel a crisp square, with captions: a look at the data before the model, and at what the model
 * gets wrong after. It is one PNG without a background, which JupyterLab, GitHub and every other viewer shows, light or dark.
 *
 * @param images a tensor `[n, height, width, channels]` or `[n, height, width]` (1, 3 or 4 channels), or a typed array
 *   together with `shape`
 * @throws RangeError for shapes that are no images, values out of range, NaN, or captions that don't match in number
 * @example imageGrid(kernels, { colors: "signed", title: "What the first layer looks for" })
 * @example imageGrid(test.x.slice(0, 20), { captions: labels, title: "The first twenty test digits" })
 */
export function imageGrid(images: ImageSource, options: ImageGridOptions = {}): Picture {
  const where = "imageGrid()";
  checkOptions(where, options, [
    "title",
    "captions",
    "highlight",
    "columns",
    "limit",
    "size",
    "range",
    "colors",
    "shape",
  ]);
  const { title, captions, highlight, limit = 100, size = 64, range, colors = "grey", shape } = options;
  checkOneOf(where, "colors", colors, ["grey", "signed"]);
  checkInteger(where, "limit", limit, { min: 1, max: 1000 });
  checkInteger(where, "size", size, { min: 8, max: 512 });
  const pictures = readImages(where, images, { limit, range, shape, colors });
  for (const [name, list] of Object.entries({ captions, highlight })) {
    if (list !== undefined && list.length < pictures.count) {
      refuse(where, name, `at least ${pictures.count} values, one for each image`, list.length);
    }
  }
  const texts = Array.from({ length: pictures.count }, (_, i) => (captions ? String(captions[i]) : ""));
  const layout = arrange(pictures, { size, columns: options.columns, title, texts });
  const png = paint(pictures, layout, highlight);
  const told = captions ? `: ${texts.slice(0, 40).join(", ")}${texts.length > 40 ? ", …" : ""}` : "";
  const kind = `${pictures.count} images of ${pictures.height}×${pictures.width} pixels`;
  const description = `${title === undefined ? "" : `${title}. `}${kind}${told}.`;
  const [width, height] = [layout.width / density, layout.height / density];
  return picture({ png, width, height, description });
}

/** A PNG, moving or not, that a cell shows at this size, in CSS pixels. */
export function picture(file: { png: Buffer; width: number; height: number; description: string }): Picture {
  const { png, width, height, description } = file;
  return {
    ...file,
    [inspect.custom]: () => `${description} Draw it with show(picture).`,
    [jupyterDisplay]: () => ({
      data: { "image/png": png.toString("base64"), "text/plain": description },
      metadata: { "image/png": { width, height, alt: description } },
    }),
  };
}

/** Sizes and places in pixels of the file. */
interface Layout {
  width: number;
  height: number;
  /** Side of the square that one pixel of an image becomes. */
  scale: number;
  columns: number;
  cell: { width: number; height: number };
  top: number;
  title?: PixelText;
  captions: PixelText[];
}

interface ArrangeOptions {
  size: number;
  columns?: number;
  title?: string;
  texts: string[];
}

function arrange({ count, width, height }: Images, { size, columns, title, texts }: ArrangeOptions): Layout {
  const scale = Math.max(1, Math.round((size * density) / width));
  const captions = texts.map(setText);
  const widest = fontScale * Math.max(...captions.map((text) => text.width));
  const cell = {
    width: Math.max(width * scale, widest) + gap,
    height: height * scale + gap + (widest > 0 ? fontScale * FONT_HEIGHT + gap / 2 : 0),
  };
  const fitting = Math.min(10, Math.max(1, Math.floor(pageWidth / cell.width)));
  const perRow = Math.min(count, checkInteger("imageGrid()", "columns", columns ?? fitting, { min: 1, max: 100 }));
  const head = title === undefined ? undefined : setText(title);
  const top = head ? fontScale * FONT_HEIGHT + gap : 0;
  const even = (n: number) => n + (n % density);
  return {
    width: even(Math.max(perRow * cell.width, (head?.width ?? 0) * fontScale) + gap),
    height: even(top + Math.ceil(count / perRow) * cell.height + gap),
    ...{ scale, columns: perRow, cell, top, title: head, captions },
  };
}

function paint(images: Images, layout: Layout, highlight?: ArrayLike<boolean>): Buffer {
  const { scale, columns, cell, top, captions } = layout;
  const png = new PNG({ width: layout.width, height: layout.height });
  const fill = (x: number, y: number, w: number, h: number, [r, g, b]: readonly number[], alpha = 255) => {
    for (let row = y; row < y + h; row++) {
      for (let at = 4 * (row * layout.width + x), end = at + 4 * w; at < end; at += 4) {
        png.data[at] = r;
        png.data[at + 1] = g;
        png.data[at + 2] = b;
        png.data[at + 3] = alpha;
      }
    }
  };
  const write = (text: PixelText, x: number, y: number, color: readonly number[]) => {
    for (const [column, row] of text.pixels)
      fill(x + column * fontScale, y + row * fontScale, fontScale, fontScale, color);
  };
  if (layout.title) write(layout.title, gap, gap / 2, ink);
  for (let i = 0; i < images.count; i++) {
    const color = highlight?.[i] ? accent : ink;
    const left = gap + (i % columns) * cell.width;
    const upper = gap + top + Math.floor(i / columns) * cell.height;
    const x = left + Math.floor((cell.width - gap - images.width * scale) / 2);
    const border = highlight?.[i] ? 4 : 1;
    const [w, h] = [images.width * scale, images.height * scale];
    fill(x - border, upper - border, w + 2 * border, h + 2 * border, color);
    for (let p = 0; p < images.width * images.height; p++) {
      const [r, g, b, alpha] = images.pixel(i, p);
      fill(
        x + (p % images.width) * scale,
        upper + Math.floor(p / images.width) * scale,
        scale,
        scale,
        [r, g, b],
        alpha,
      );
    }
    const text = captions[i];
    write(
      text,
      left + Math.max(0, Math.floor((cell.width - gap - text.width * fontScale) / 2)),
      upper + h + gap / 2 + 2,
      color,
    );
  }
  return PNG.sync.write(png, { deflateLevel: 9 });
}
