import { checkLabels, checkShape, refuse } from "../check";
import { NdArray } from "./nd-array";
import { derive, type Tensor } from "./tensor";

/**
 * Softmax of each row: `p[i, k] = e^z[i, k] / Σⱼ e^z[i, j]`, `[batch, classes]`.
 *
 * The largest score of a row is taken off first. That changes no quotient, and keeps `e^z` from overflowing.
 */
export function softmax(logits: NdArray): NdArray {
  checkShape("softmax()", "logits", logits, [null, null]);
  const [batch, classes] = logits.shape;
  const p = new Float64Array(logits.size);
  for (let i = 0; i < batch; i++) {
    const z = logits.data.subarray(i * classes, (i + 1) * classes);
    const top = z.reduce((a, b) => Math.max(a, b), -Infinity);
    const total = z.reduce((sum, zk) => sum + Math.exp(zk - top), 0);
    for (let k = 0; k < classes; k++) p[i * classes + k] = Math.exp(z[k] - top) / total;
  }
  return new NdArray(p, logits.shape);
}

/**
 * The mean surprise at the right answers: `L = -1/n · Σᵢ ln p[i, yᵢ]` with `p = softmax(z)`, computed as
 * `ln Σⱼ e^z[i, j] - z[i, yᵢ]`, so that a probability of 0 gives a large loss and not infinity.
 *
 * Its gradient is what was said minus what is true: `∂L/∂z[i, k] = (p[i, k] - (k = yᵢ ? 1 : 0)) / n`.
 *
 * @param logits `z`, `[batch, classes]`
 * @param labels `y`, a class for each row, from 0
 * @returns a single number, `[]`
 * @throws RangeError where labels and rows differ in number, or a label is no class
 */
export function softmaxCrossEntropy(logits: Tensor, labels: ArrayLike<number>): Tensor {
  const where = "softmaxCrossEntropy()";
  checkShape(where, "logits", logits, [null, null]);
  const [batch, classes] = logits.shape;
  if (labels.length !== batch) refuse(where, "labels", `${batch} classes, one for each row of logits`, labels.length);
  checkLabels(where, "labels", labels, classes);
  let total = 0;
  for (let i = 0; i < batch; i++) {
    const z = logits.data.subarray(i * classes, (i + 1) * classes);
    const top = z.reduce((a, b) => Math.max(a, b), -Infinity);
    total += top + Math.log(z.reduce((sum, zk) => sum + Math.exp(zk - top), 0)) - z[labels[i]];
  }
  return derive(new NdArray(Float64Array.of(total / batch), []), "cross-entropy", [
    logits,
    (g) => {
      const dz = softmax(logits); // p
      for (let i = 0; i < batch; i++) dz.data[i * classes + labels[i]] -= 1; // p - y
      for (let i = 0; i < dz.size; i++) dz.data[i] *= g.data[0] / batch;
      return dz;
    },
  ]);
}
