/**
 * Random changes of images that leave their meaning alone, drawn anew for each image of a batch. All of it is TensorFlow:
 * inside a compiled step they run as part of its graph, and training never waits for them. Draws follow `setRandomSeed`.
 */
import { checkInteger, checkNumber, checkOptions, checkShape, refuse } from "../check";
import { tf } from "../tensorflow";

/**
 * Mirrors every second image, left to right, by the toss of a coin.
 *
 * @param images `[batch, height, width, channels]`
 */
export function randomFlip(images: tf.Tensor4D): tf.Tensor4D {
  checkImages("randomFlip()", images);
  return tf.tidy(() => tf.where(tf.less(perImage(images, 0, 1), 0.5), tf.reverse(images, 2), images));
}

/**
 * Moves each image by a whole number of pixels, from -`pixels` to `pixels` up or down and likewise sideways. What comes in
 * at the rim is the image itself, reflected: row -1 is row 1.
 *
 * @param images `[batch, height, width, channels]`
 * @param pixels from 0 to one less than the smaller side
 */
export function randomTranslation(images: tf.Tensor4D, pixels: number): tf.Tensor4D {
  checkImages("randomTranslation()", images);
  const [, height, width] = images.shape;
  checkInteger("randomTranslation()", "pixels", pixels, { min: 0, max: Math.min(height, width) - 1 });
  return tf.tidy(() => {
    const rows = reflected(images, height, pixels);
    const columns = reflected(images, width, pixels);
    const moved = tf.gather(images, rows, 1, 1);
    // Columns along the second axis: gathering has one batch axis in front of the axis it works on.
    const turned = tf.transpose(moved, [0, 2, 1, 3]);
    return tf.transpose(tf.gather(turned, columns, 1, 1), [0, 2, 1, 3]);
  });
}

/** For each image the places that its rows come from, int32 `[batch, size]`: shifted, and reflected at both ends. */
function reflected({ shape: [batch] }: tf.Tensor4D, size: number, pixels: number): tf.Tensor2D {
  const shift = tf.floor(tf.randomUniform([batch, 1], -pixels, pixels + 1));
  const folded = tf.abs(tf.add(shift, tf.range(0, size)));
  const last = size - 1;
  return tf.cast(tf.sub(last, tf.abs(tf.sub(last, folded))), "int32");
}

export interface CutoutOptions {
  /** What the square is filled with. @default 0 */
  fill?: number;
}

/**
 * Covers a square of each image. Its centre may be any pixel, so that near the rim a part of the square lies outside.
 *
 * DeVries and Taylor: Improved regularization of convolutional neural networks with cutout. 2017, arXiv:1708.04552.
 *
 * @param images `[batch, height, width, channels]`
 * @param size side of the square in pixels, from 0 up
 */
export function cutout(images: tf.Tensor4D, size: number, options: CutoutOptions = {}): tf.Tensor4D {
  checkImages("cutout()", images);
  checkOptions("cutout()", options, ["fill"]);
  checkInteger("cutout()", "size", size, { min: 0 });
  const fill = checkNumber("cutout()", "fill", options.fill ?? 0);
  const [batch, height, width] = images.shape;
  return tf.tidy(() => {
    const covered = tf.logicalAnd(
      tf.reshape(span(batch, height, size), [batch, height, 1, 1]),
      tf.reshape(span(batch, width, size), [batch, 1, width, 1]),
    );
    return tf.where(covered, tf.fill([1, 1, 1, 1], fill), images);
  });
}

/** For each image which places of a side are covered, bool `[batch, length]`. */
function span(batch: number, length: number, size: number): tf.Tensor {
  const from = tf.sub(tf.floor(tf.randomUniform([batch, 1], 0, length)), Math.floor(size / 2));
  const places = tf.range(0, length);
  return tf.logicalAnd(tf.greaterEqual(places, from), tf.less(places, tf.add(from, size)));
}

const perImage = ({ shape: [batch] }: tf.Tensor4D, low: number, high: number) =>
  tf.randomUniform([batch, 1, 1, 1], low, high);

function checkImages(where: string, images: tf.Tensor4D): void {
  checkShape(where, "images", images, [null, null, null, null]);
  if (images.dtype !== "float32") refuse(where, "images", "float32", images, { kind: TypeError });
}
