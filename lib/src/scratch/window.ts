import { checkInteger, refuse } from "../check";

/**
 * What lies around a picture before a window slides over it: "valid" nothing; "same" as many zeros as give
 * `⌈size / stride⌉` positions, the odd one at the end, as in TensorFlow; a number that many on each side, as in PyTorch.
 */
export type Padding = "valid" | "same" | number;

/** A window along one axis: where it stands, and what it covers. */
export interface Window {
  /** Size of the picture. */
  size: number;
  /** Size of the window. */
  kernel: number;
  /** How far it moves. */
  stride: number;
  /** Zeros before the picture. */
  before: number;
  /** Positions, which is the size of the output. */
  positions: number;
}

/**
 * Where a window can stand along an axis: `positions = ⌊(size + padding - kernel) / stride⌋ + 1`.
 *
 * @throws RangeError where the window is larger than the padded picture, or a number is no size
 */
export function windowAlong(where: string, size: number, kernel: number, stride: number, padding: Padding): Window {
  checkInteger(where, "stride", stride, { min: 1 });
  if (typeof padding === "number") checkInteger(where, "padding", padding, { min: 0 });
  else if (padding !== "same" && padding !== "valid") refuse(where, "padding", '"valid", "same" or a number', padding);
  const same = Math.max(0, (Math.ceil(size / stride) - 1) * stride + kernel - size);
  const total = padding === "same" ? same : padding === "valid" ? 0 : 2 * padding;
  const before = Math.floor(total / 2);
  const positions = Math.floor((size + total - kernel) / stride) + 1;
  if (positions < 1) {
    refuse(where, "the window", `at most ${size + total}, the size of the padded picture`, kernel, {
      remedy: "use a smaller kernel or more padding.",
    });
  }
  return { size, kernel, stride, before, positions };
}

/** What a window sees: one number of the picture, by the place of the window and the place in it. */
export type Visit = (b: number, i: number, j: number, p: number, q: number, row: number, column: number) => void;

/**
 * Slides a window over every picture of a batch: calls `visit` for each position `(i, j)` and each place `(p, q)` in the
 * window with the row and column of the picture beneath. Places over the padding are passed by: they hold zeros.
 */
export function slide(batch: number, rows: Window, columns: Window, visit: Visit): void {
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < rows.positions; i++) {
      for (let j = 0; j < columns.positions; j++) {
        for (let p = 0; p < rows.kernel; p++) {
          const row = i * rows.stride + p - rows.before;
          if (row < 0 || row >= rows.size) continue;
          for (let q = 0; q < columns.kernel; q++) {
            const column = j * columns.stride + q - columns.before;
            if (column >= 0 && column < columns.size) visit(b, i, j, p, q, row, column);
          }
        }
      }
    }
  }
}
