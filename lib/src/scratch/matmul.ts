import { refuse } from "../check";
import { NdArray, stridesOf } from "./nd-array";

/**
 * `C[i, j] = Σₖ A[i, k] · B[k, j]`: `[n, m] · [m, p] -> [n, p]`.
 *
 * The loop over k stands outside the one over j, so that all three arrays are read along their rows: several times faster
 * than the order of the formula, with the same sums.
 *
 * @throws RangeError where one is no matrix, or the inner sizes differ
 */
export function matmul(a: NdArray, b: NdArray): NdArray {
  const [n, m] = a.shape;
  const [inner, p] = b.shape;
  if (a.rank !== 2 || b.rank !== 2 || m !== inner) {
    throw new RangeError(
      `matmul() wants [n, m] and [m, p], got [${a.shape.join(", ")}] and [${b.shape.join(", ")}]. ` +
        "Remedy: transpose() one of them, or reshape() it to a matrix.",
    );
  }
  const out = new Float64Array(n * p);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < m; k++) {
      const factor = a.data[i * m + k];
      for (let j = 0, to = i * p, from = k * p; j < p; j++) out[to + j] += factor * b.data[from + j];
    }
  }
  return new NdArray(out, [n, p]);
}

/**
 * Axes in another order: `out.shape[i] = x.shape[axes[i]]`.
 *
 * @throws RangeError where `axes` is no order of all axes
 */
export function transpose(x: NdArray, axes: readonly number[]): NdArray {
  const all = x.shape.map((_, axis) => axis);
  if ([...axes].sort((a, b) => a - b).join() !== all.join()) {
    refuse("transpose()", "axes", `an order of [${all.join(", ")}]`, axes);
  }
  const shape = axes.map((axis) => x.shape[axis]);
  const [to, from] = [stridesOf(shape), stridesOf(x.shape)];
  const out = new Float64Array(x.size);
  for (let i = 0; i < out.length; i++) {
    let source = 0;
    for (let axis = 0; axis < shape.length; axis++)
      source += (Math.floor(i / to[axis]) % shape[axis]) * from[axes[axis]];
    out[i] = x.data[source];
  }
  return new NdArray(out, shape);
}
