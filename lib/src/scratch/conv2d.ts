import { checkShape, refuse } from "../check";
import { NdArray, sizeOf } from "./nd-array";
import { derive, type Tensor } from "./tensor";
import { type Padding, slide, windowAlong } from "./window";

export interface Conv2dOptions {
  /** How far the kernel moves from one place to the next. @default 1 */
  stride?: number;
  /** What lies around the pictures. @default "valid" */
  padding?: Padding;
}

/**
 * A convolution as networks mean it, which is a correlation: the kernel `k` slides over the picture `x` and is multiplied
 * with what lies beneath, `y[b, i, j, o] = Σ x[b, i·s + p, j·s + q, c] · k[p, q, c, o]` over `p`, `q` and `c`.
 *
 * Both gradients are the same sum with another of the three in front:
 * `∂L/∂x[b, i·s + p, j·s + q, c] = Σ g[b, i, j, o] · k[p, q, c, o]`, a transposed convolution, and
 * `∂L/∂k[p, q, c, o] = Σ g[b, i, j, o] · x[b, i·s + p, j·s + q, c]`, a correlation of the picture with the gradient.
 *
 * @param x `[batch, height, width, channels]`
 * @param kernel `[kernelHeight, kernelWidth, channels, filters]`
 * @returns `[batch, outHeight, outWidth, filters]`
 * @throws RangeError where a shape does not fit, or the kernel is larger than the padded picture
 */
export function conv2d(x: Tensor, kernel: Tensor, { stride = 1, padding = "valid" }: Conv2dOptions = {}): Tensor {
  checkShape("conv2d()", "x", x, [null, null, null, null], "add axes for batch and channels: reshape([1, h, w, 1]).");
  checkShape("conv2d()", "kernel", kernel, [null, null, null, null]);
  const [batch, height, width, channels] = x.shape;
  const [kernelHeight, kernelWidth, wanted, filters] = kernel.shape;
  if (wanted !== channels) refuse("conv2d()", "the channels of the kernel", `${channels}, as x has`, wanted);
  const rows = windowAlong("conv2d()", height, kernelHeight, stride, padding);
  const columns = windowAlong("conv2d()", width, kernelWidth, stride, padding);
  const shape = [batch, rows.positions, columns.positions, filters];

  /** Visits every product of the sum: the places of its three numbers in `x`, `k` and `y` (or `g`). */
  const eachProduct = (visit: (xAt: number, kAt: number, yAt: number) => void) =>
    slide(batch, rows, columns, (b, i, j, p, q, row, column) => {
      const xStart = ((b * height + row) * width + column) * channels;
      const kStart = (p * kernelWidth + q) * channels * filters;
      const yStart = ((b * shape[1] + i) * shape[2] + j) * filters;
      for (let c = 0; c < channels; c++) {
        for (let o = 0; o < filters; o++) visit(xStart + c, kStart + c * filters + o, yStart + o);
      }
    });

  const y = new Float64Array(sizeOf(shape));
  eachProduct((xAt, kAt, yAt) => (y[yAt] += x.data[xAt] * kernel.data[kAt]));
  return derive(
    new NdArray(y, shape),
    "conv2d",
    [
      x,
      (g) => {
        const dx = new Float64Array(x.size);
        eachProduct((xAt, kAt, yAt) => (dx[xAt] += g.data[yAt] * kernel.data[kAt]));
        return new NdArray(dx, x.shape);
      },
    ],
    [
      kernel,
      (g) => {
        const dk = new Float64Array(kernel.size);
        eachProduct((xAt, kAt, yAt) => (dk[kAt] += g.data[yAt] * x.data[xAt]));
        return new NdArray(dk, kernel.shape);
      },
    ],
  );
}
