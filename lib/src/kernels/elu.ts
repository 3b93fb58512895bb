/** Exponential units, differentiable twice. */
import { tf } from "../tensorflow";
import { defineGradient, defineKernel, rawOp, runKernel } from "./raw-op";

// Klambauer et al.: Self-normalizing neural networks. NeurIPS 2017.
const SCALE = 1.0507009873554805;
const ALPHA = 1.6732632423543772;

/** `elu` and `selu`, with SeluGrad as one op. */
export function registerElu(): void {
  // With y = eᵡ - 1 below 0, dx = dy · (y + 1): linear in dy there, and in y.
  defineGradient("EluGrad", { inputs: ["dy", "y"] }, (ddx, [dy, y]) => ({
    dy: () => runKernel("EluGrad", { dy: ddx, y }),
    y: () => whereNegative(y, tf.mul(dy, ddx)),
  }));

  defineKernel("SeluGrad", ({ dy, y }) => rawOp("SeluGrad", [dy, y]));
  defineGradient(
    "Selu",
    { outputs: [true] },
    (dy, [y]) => ({ x: () => runKernel("SeluGrad", { dy, y }) }),
    (dy, [y]) => ({ x: () => tf.mul(dy, tf.where(tf.less(y, 0), tf.add(y, SCALE * ALPHA), tf.fill(y.shape, SCALE))) }),
  );
  defineGradient("SeluGrad", { inputs: ["dy", "y"] }, (ddx, [dy, y]) => ({
    dy: () => runKernel("SeluGrad", { dy: ddx, y }),
    y: () => whereNegative(y, tf.mul(dy, ddx)),
  }));
}

function whereNegative(y: tf.Tensor, value: tf.Tensor): tf.Tensor {
  return tf.where(tf.less(y, 0), value, tf.zerosLike(y));
}
