import { checkDtype, checkInteger, checkLabels, checkShape } from "../check";
import { tf } from "../tensorflow";

/**
 * Class labels as rows of zeros with a one in the label's column: `[2, 0]` of 3 classes is `[[0, 0, 1], [1, 0, 0]]`.
 *
 * @param labels integers from 0 to `classes - 1`, int32 `[size]`, or an array
 * @returns float32 `[size, classes]`
 * @throws RangeError where a label is out of range; TypeError where the labels are no integers
 */
export function oneHot(labels: tf.Tensor1D | ArrayLike<number>, classes: number): tf.Tensor2D {
  checkInteger("oneHot()", "classes", classes, { min: 1 });
  const isTensor = labels instanceof tf.Tensor;
  if (isTensor) {
    checkShape("oneHot()", "labels", labels, [null]);
    checkDtype("oneHot()", "labels", labels, ["int32"], "labels.toInt().");
  }
  const values = isTensor ? labels.dataSync() : labels;
  checkLabels("oneHot()", "labels", values, classes);
  // Written on the host: a tensor of labels has been read to be checked, so nothing is saved by an operation.
  const rows = new Float32Array(values.length * classes);
  for (let i = 0; i < values.length; i++) rows[i * classes + values[i]] = 1;
  return tf.tensor2d(rows, [values.length, classes]);
}
