/**
 * Gradients of sums, means and tiling. TensorFlow.js multiplies by ones of the input's size, made in JavaScript and
 * uploaded; and it adds up the gradient of a tiling slice by slice, with 1,600 ops for a layer normalisation.
 */
import { tf } from "../tensorflow";
import { defineGradient, defineKernel, rawOp, runKernel } from "./raw-op";

/** `tf.sum`, `tf.mean`, `tf.tile`, and what is built on them: losses, moments, global pooling. */
export function registerReductions(): void {
  defineKernel("BroadcastTo", ({ x }, { shape }) =>
    tf.tidy(() => rawOp("BroadcastTo", [x, tf.tensor1d(shape as number[], "int32")])),
  );
  defineGradient("BroadcastTo", { inputs: ["x"] }, (dy, [x]) => ({ x: () => sumTo(dy, x.shape) }));

  defineGradient("Sum", { inputs: ["x"] }, (dy, [x], { axis }) => ({ x: () => spread(dy, x, axis) }));
  defineGradient("Mean", { inputs: ["x"] }, (dy, [x], { axis }) => ({
    // Divided while it is still small.
    x: () => spread(tf.div(dy, x.size / dy.size), x, axis),
  }));

  defineGradient("Tile", { inputs: ["x"] }, (dy, [x], { reps }) => ({
    x: () => {
      const pairs = x.shape.flatMap((size, i) => [(reps as number[])[i], size]);
      const copies = x.shape.map((_, i) => 2 * i);
      return tf.reshape(tf.sum(tf.reshape(dy, pairs), copies), x.shape);
    },
  }));
}

/** Gives every element the gradient of the sum that it went into. */
function spread(dy: tf.Tensor, x: tf.Tensor, axis: unknown): tf.Tensor {
  const kept = x.shape.slice();
  for (const i of tf.util.parseAxisParam(axis as number | number[], x.shape)) kept[i] = 1;
  const expanded = tf.util.arraysEqual(kept, dy.shape) ? dy : tf.reshape(dy, kept);
  return tf.util.arraysEqual(kept, x.shape)
    ? expanded.clone()
    : runKernel("BroadcastTo", { x: expanded }, { shape: x.shape });
}

/** Adds up along the axes where the shape has 1. */
function sumTo(x: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = shape.flatMap((size, i) => (size === 1 && x.shape[i] !== 1 ? [i] : []));
  return axes.length === 0 ? x.clone() : tf.sum(x, axes, true);
}
