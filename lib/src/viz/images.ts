import { checkFinite, refuse } from "../check";
import { isTensor, readNumbers, type ReadableTensor } from "./numbers";
import { signedColor } from "./signed-color";

/** Images as a lesson has them: a tensor, or a typed array with its shape given beside it. */
export type ImageSource = ReadableTensor | ArrayLike<number>;

/** The value that is drawn black and the one that is drawn white. */
export type PixelRange = readonly [black: number, white: number] | "auto";

/** How the numbers of an image with one channel are coloured: as greys, or by their sign (see `signedColor`). */
export type PixelColors = "grey" | "signed";

/** Images ready to be drawn. */
export interface Images {
  count: number;
  height: number;
  width: number;
  /** Red, green, blue and opacity, 0 to 255, of a pixel of an image, pixels counted row by row. */
  pixel(image: number, at: number): [number, number, number, number];
}

export interface ReadImagesOptions {
  limit: number;
  range?: PixelRange;
  shape?: readonly number[];
  colors?: PixelColors;
}

/**
 * Reads images `[n, height, width]` or `[n, height, width, channels]`. Without a range, integers go from 0 to 255 and
 * other numbers from 0 to 1, and it is an error to leave it; with a range, what lies outside is cut off. Coloured by
 * sign, the number furthest from 0 has the full colour, or the ends of the range have.
 *
 * @throws RangeError for other shapes, for NaN, for values out of a range that was not asked for, and for a range that is none
 */
export function readImages(where: string, source: ImageSource, options: ReadImagesOptions): Images {
  const { limit, range, shape, colors = "grey" } = options;
  checkRange(where, range);
  const values = readNumbers(where, "images", source);
  const [n, height, width, channels] = imageShape(where, source, values.length, shape);
  const count = Math.min(n, limit);
  const size = height * width * channels;
  const used = { length: count * size };
  checkFinite(where, "images", count < n ? Array.from(used, (_, i) => values[i]) : values);
  if (colors === "signed") {
    if (channels !== 1)
      refuse(where, "images", "of one channel where their sign is coloured", [n, height, width, channels]);
    const [low, high] = range === undefined || range === "auto" ? extent(values, used.length) : range;
    const full = Math.max(Math.abs(low), Math.abs(high)) || 1;
    return {
      ...{ count, height, width },
      pixel: (image, at) => [...signedColor(values[image * size + at] / full), 255],
    };
  }
  const [black, white] =
    range === "auto" ? extent(values, used.length) : (range ?? usualRange(where, source, values, used.length));
  const byte = (i: number) => Math.round(255 * Math.min(1, Math.max(0, (values[i] - black) / (white - black || 1))));
  return {
    ...{ count, height, width },
    pixel: (image, at) => {
      const start = image * size + at * channels;
      if (channels === 1) return [byte(start), byte(start), byte(start), 255];
      return [byte(start), byte(start + 1), byte(start + 2), channels === 4 ? byte(start + 3) : 255];
    },
  };
}

function imageShape(where: string, source: ImageSource, length: number, given?: readonly number[]) {
  const shape = isTensor(source) ? source.shape : given;
  const remedy = "images have the shape [n, height, width, channels]; reshape or slice, and use expandDims(0) for one.";
  if (shape === undefined) {
    throw new TypeError(`${where} got an array without a shape. Remedy: give shape: [n, height, width], or a tensor.`);
  }
  const [n, height, width, channels = 1] = shape;
  const fits = (shape.length === 3 || shape.length === 4) && n * height * width * channels === length;
  if (!fits || ![1, 3, 4].includes(channels)) {
    return refuse(where, "images", "of 1, 3 or 4 channels in 3 or 4 dimensions", [...shape], { remedy });
  }
  return [n, height, width, channels] as const;
}

function checkRange(where: string, range: PixelRange | undefined): void {
  if (range === undefined || range === "auto") return;
  if (Array.isArray(range) && range.length === 2 && range.every((end) => Number.isFinite(end))) return;
  refuse(where, "range", '"auto" or two numbers, [black, white]', range);
}

/** The lowest and the highest number of several sources of images. */
export function extentOf(where: string, sources: readonly ImageSource[]): [low: number, high: number] {
  const extents = sources.map((source) => {
    const values = readNumbers(where, "frames", source);
    return extent(values, values.length);
  });
  return [Math.min(...extents.map(([low]) => low)), Math.max(...extents.map(([, high]) => high))];
}

function extent(values: ArrayLike<number>, length: number): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < length; i++) {
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  return [low, high];
}

function usualRange(where: string, source: ImageSource, values: ArrayLike<number>, length: number): [number, number] {
  const integers = isTensor(source)
    ? source.dtype === "int32"
    : source instanceof Uint8Array || source instanceof Uint8ClampedArray || source instanceof Int32Array;
  const white = integers ? 255 : 1;
  const [low, high] = extent(values, length);
  const slack = white / 1000;
  if (low >= -slack && high <= white + slack) return [0, white];
  throw new RangeError(
    `${where} wants values from 0 to ${white}, got some from ${low} to ${high}. ` +
      'Remedy: range: [black, white], such as [-1, 1] for tanh; "auto" for weights.',
  );
}
