import { PNG } from "pngjs";
import { checkNumber, checkOptions, refuse } from "../check";
import { animatedPng } from "./animated-png";
import { imageGrid, picture, type ImageGridOptions, type Picture } from "./image-grid";
import { extentOf, type ImageSource } from "./images";

export interface ImageAnimationOptions extends Omit<ImageGridOptions, "title" | "captions" | "highlight"> {
  /** A line above the images: one for all frames, or one for each. */
  title?: string | readonly string[];
  /** Frames a second. @default 4 */
  rate?: number;
  /** Seconds that the last frame stays, before all begins anew. @default 2 */
  pause?: number;
}

const OPTIONS = ["title", "rate", "pause", "columns", "limit", "size", "range", "colors", "shape"];

/**
 * Grids of images as an animation: what a generator makes of the same latents while it learns. One animated PNG, which
 * JupyterLab, GitHub and browsers play; what plays none shows the first frame. All frames have one range of values: with
 * `range: "auto"`, and of signed colours, that of all frames together.
 *
 * @param frames for each frame what `imageGrid` takes, all of one size
 * @throws RangeError for no frames, frames of different heights, and whatever `imageGrid` refuses
 * @example imageAnimation(snapshots, { title: steps.map((step) => `step ${step}`), size: 32 })
 */
export function imageAnimation(frames: readonly ImageSource[], options: ImageAnimationOptions = {}): Picture {
  const where = "imageAnimation()";
  checkOptions(where, options, OPTIONS);
  const { title, rate = 4, pause = 2, ...grid } = options;
  checkNumber(where, "rate", rate, { min: 0.1, max: 50 });
  checkNumber(where, "pause", pause, { min: 0, max: 60 });
  if (!Array.isArray(frames))
    refuse(where, "frames", "a list, with a grid of images each", frames, { kind: TypeError });
  if (frames.length === 0) refuse(where, "frames", "at least one grid of images", 0);
  const titles = typeof title === "string" ? frames.map(() => title) : title;
  if (titles && titles.length !== frames.length) {
    refuse(where, "title", `one line, or ${frames.length}, one for each frame`, titles.length);
  }
  const shared = grid.range === "auto" || (grid.colors === "signed" && grid.range === undefined);
  const range = shared ? extentOf(where, frames) : grid.range;
  const pictures = frames.map((images, i) => imageGrid(images, { ...grid, range, title: titles?.[i] }));
  pictures.forEach(({ height }, i) => {
    if (height === pictures[0].height) return;
    refuse(where, "frames", `all of one height, ${pictures[0].height} as the first`, `${height} at frame ${i}`, {
      remedy: "images of one size, equally many in each frame, and a title for all of them or for none.",
    });
  });
  // A longer line above makes its frame wider: all get the width of the widest.
  const width = Math.max(...pictures.map((picture) => picture.width));
  const milliseconds = pictures.map((_, i) =>
    Math.round(1000 * (i === pictures.length - 1 ? Math.max(pause, 1 / rate) : 1 / rate)),
  );
  const png = animatedPng(
    pictures.map((picture) => (picture.width === width ? picture.png : widened(picture.png, width / picture.width))),
    { milliseconds },
  );
  const { height } = pictures[0];
  const [first, last] = [pictures[0].description, pictures[frames.length - 1].description];
  const seconds = milliseconds.reduce((sum, one) => sum + one, 0) / 1000;
  const shown = first === last ? last : `First: ${first} Last: ${last}`;
  const description = `Animation of ${frames.length} frames in ${seconds.toFixed(1)} s. ${shown}`;
  return picture({ png, width, height, description });
}

/** A PNG with empty space at the right. */
function widened(file: Buffer, factor: number): Buffer {
  const narrow = PNG.sync.read(file);
  const wide = new PNG({ width: Math.round(narrow.width * factor), height: narrow.height });
  PNG.bitblt(narrow, wide, 0, 0, narrow.width, narrow.height, 0, 0);
  return PNG.sync.write(wide, { deflateLevel: 9 });
}
