import { PNG } from "pngjs";
import { checkNumber, refuse } from "../check";
import { animatedPng } from "./animated-png";
import { imageGrid, picture, type ImageGridOptions, type Picture } from "./image-grid";
import type { ImageSource } from "./images";

export interface ImageAnimationOptions extends Omit<ImageGridOptions, "title" | "captions" | "highlight"> {
  /** A line above the images: one for all frames, or one for each. */
  title?: string | readonly string[];
  /** Frames a second. @default 4 */
  rate?: number;
  /** Seconds that the last frame stays, before all begins anew. @default 2 */
  pause?: number;
}

/**
 * Grids of images as an animation: what a generator makes of the same latents while it learns. One animated PNG, which
 * JupyterLab, GitHub and browsers play; what plays none shows the first frame.
 *
 * @param frames for each frame what `imageGrid` takes, all all of one size
 * @throws RangeError for no frames, frames of different heights, and whatever `imageGrid` refuses
 * @example imageAnimation(snapshots, { title: steps.map((step) => `step ${step}`), size: 32 })
 */
export function imageAnimation(frames: readonly ImageSource[], options: ImageAnimationOptions = {}): Picture {
  const where = "imageAnimation()";
  const { title, rate = 4, pause = 2, ...grid } = options;
  checkNumber(where, "rate", rate, { min: 0.1, max: 50 });
  checkNumber(where, "pause", pause, { min: 0, max: 60 });
  if (frames.length === 0) refuse(where, "frames", "at least one grid of images", 0);
  const titles = typeof title === "string" ? frames.map(() => title) : title;
  if (titles && titles.length !== frames.length) {
    refuse(where, "title", `one line, or ${frames.length}, one for each frame`, titles.length);
  }
  const pictures = frames.map((images, i) => imageGrid(images, { ...grid, title: titles?.[i] }));
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
  const description = `Animation of ${frames.length} frames. Last: ${pictures[frames.length - 1].description}`;
  return picture({ png, width, height, description });
}

/** A PNG with empty space at the right. */
function widened(file: Buffer, factor: number): Buffer {
  const narrow = PNG.sync.read(file);
  const wide = new PNG({ width: Math.round(narrow.width * factor), height: narrow.height });
  PNG.bitblt(narrow, wide, 0, 0, narrow.width, narrow.height, 0, 0);
  return PNG.sync.write(wide, { deflateLevel: 9 });
}
