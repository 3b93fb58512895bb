import { checkInteger, checkOptions, checkShape, checkTensor } from "../check";
import { tf } from "../tensorflow";
import { predict } from "./evaluate";

export interface PredictViewsOptions {
  /** Pixels by which the shifted views are moved, up left and down right; 0 leaves them out. @default 1 */
  shift?: number;
  /** Images at a time. @default 256 */
  batchSize?: number;
}

/**
 * What a model says about images when it may look at each more than once (test-time augmentation): as it is, mirrored, and
 * both again moved up left and down right by `shift` pixels. The image and its mirror image count half, the four moved
 * ones the other half.
 *
 * It costs six passes in place of one. Jordan: 94 % on CIFAR-10 in 3.29 seconds on a single GPU, 2024, arXiv:2404.00498.
 *
 * @param x `[size, height, width, channels]`; pixels that move in at the rim are those inside it, reflected
 * @returns the mean of what the model says, `[size, …]`, to be disposed of by the caller
 */
export function predictViews(model: tf.LayersModel, x: tf.Tensor4D, options: PredictViewsOptions = {}): tf.Tensor {
  const where = "predictViews()";
  checkOptions(where, options, ["shift", "batchSize"]);
  checkTensor(where, "x", x);
  checkShape(where, "x", x, [null, null, null, null]);
  const { shift = 1, batchSize } = options;
  const [, height, width] = x.shape;
  checkInteger(where, "shift", shift, { min: 0, max: Math.min(height, width) - 1 });
  const look = (images: tf.Tensor4D) => predict(model, images, { batchSize });
  const both = (images: tf.Tensor4D) => tf.tidy(() => tf.add(look(images), look(tf.reverse(images, 2))));
  return tf.tidy(() => {
    const straight = both(x);
    if (shift === 0) return tf.div(straight, 2);
    const around: [number, number] = [shift, shift];
    const padded = tf.mirrorPad(x, [[0, 0], around, around, [0, 0]], "reflect");
    const from = (at: number) => tf.slice(padded, [0, at, at, 0], [-1, height, width, -1]) as tf.Tensor4D;
    return tf.add(tf.div(straight, 4), tf.div(tf.add(both(from(0)), both(from(2 * shift))), 8));
  });
}
