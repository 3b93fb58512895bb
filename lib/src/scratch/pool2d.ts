import { checkInteger, checkShape } from "../check";
import { NdArray, sizeOf } from "./nd-array";
import { derive, type Tensor } from "./tensor";
import { type Padding, slide, windowAlong } from "./window";

export interface Pool2dOptions {
  /** Height and width of the window. @default 2 */
  size?: number;
  /** How far it moves. @default `size`: windows side by side */
  stride?: number;
  /** What lies around the pictures; it is never chosen and never counted. @default "valid" */
  padding?: Padding;
}

/**
 * The largest number in each window, channel by channel: `y[b, i, j, c] = max x[b, i·s + p, j·s + q, c]` over `p`, `q`.
 *
 * Only the winner of a window had a say, so only it gets the gradient: `∂L/∂x[winner] = Σ g` over the windows it won. Where
 * two are equal, the first one, row by row, wins.
 *
 * @param x `[batch, height, width, channels]`
 * @returns `[batch, outHeight, outWidth, channels]`
 * @throws RangeError where x has another shape, or the window is larger than the padded picture
 */
export function maxPool2d(x: Tensor, options: Pool2dOptions = {}): Tensor {
  const { shape, eachPair } = pooling("maxPool2d()", x, options);
  const y = new Float64Array(sizeOf(shape)).fill(-Infinity);
  const winner = new Int32Array(y.length);
  eachPair((xAt, yAt) => {
    if (x.data[xAt] > y[yAt]) {
      y[yAt] = x.data[xAt];
      winner[yAt] = xAt;
    }
  });
  return derive(new NdArray(y, shape), "max-pool", [
    x,
    (g) => {
      const dx = new Float64Array(x.size);
      for (let yAt = 0; yAt < g.size; yAt++) dx[winner[yAt]] += g.data[yAt];
      return new NdArray(dx, x.shape);
    },
  ]);
}

/**
 * The mean of each window, channel by channel: `y[b, i, j, c] = 1/n · Σ x[b, i·s + p, j·s + q, c]` over the n numbers of the
 * picture in the window. Each of them gets an equal share of the gradient, `∂L/∂x = Σ g / n`.
 *
 * Shapes and errors are those of `maxPool2d`.
 */
export function avgPool2d(x: Tensor, options: Pool2dOptions = {}): Tensor {
  const { shape, eachPair } = pooling("avgPool2d()", x, options);
  const y = new Float64Array(sizeOf(shape));
  const n = new Float64Array(y.length);
  eachPair((xAt, yAt) => {
    y[yAt] += x.data[xAt];
    n[yAt]++;
  });
  for (let yAt = 0; yAt < y.length; yAt++) y[yAt] /= n[yAt];
  return derive(new NdArray(y, shape), "avg-pool", [
    x,
    (g) => {
      const dx = new Float64Array(x.size);
      eachPair((xAt, yAt) => (dx[xAt] += g.data[yAt] / n[yAt]));
      return new NdArray(dx, x.shape);
    },
  ]);
}

/** The shape of the output, and a walk over all pairs of a number of `x` and the window of `y` that sees it. */
function pooling(where: string, x: Tensor, { size = 2, stride = size, padding = "valid" }: Pool2dOptions) {
  checkShape(where, "x", x, [null, null, null, null], "add axes for batch and channels: reshape([1, h, w, 1]).");
  checkInteger(where, "size", size, { min: 1 });
  if (typeof padding === "number") {
    const remedy = "a window over nothing but padding would have no numbers in it.";
    checkInteger(where, "padding", padding, { min: 0, max: Math.floor(size / 2), remedy });
  }
  const [batch, height, width, channels] = x.shape;
  const rows = windowAlong(where, height, size, stride, padding);
  const columns = windowAlong(where, width, size, stride, padding);
  const shape = [batch, rows.positions, columns.positions, channels];
  const eachPair = (visit: (xAt: number, yAt: number) => void) =>
    slide(batch, rows, columns, (b, i, j, _p, _q, row, column) => {
      const xStart = ((b * height + row) * width + column) * channels;
      const yStart = ((b * shape[1] + i) * shape[2] + j) * channels;
      for (let c = 0; c < channels; c++) visit(xStart + c, yStart + c);
    });
  return { shape, eachPair };
}
