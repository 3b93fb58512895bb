/** The sigmoid and the hyperbolic tangent, each with its gradient as one op instead of three and an uploaded 1. */
import { tf } from "../tensorflow";
import { defineGradient, defineKernel, rawOp, runKernel } from "./raw-op";

/** `sigmoid` with `dx = dy · y (1 - y)` and `tanh` with `dx = dy · (1 - y²)`. */
export function registerSigmoid(): void {
  defineKernel("SigmoidGrad", ({ y, dy }) => rawOp("SigmoidGrad", [y, dy]));
  defineGradient("Sigmoid", { outputs: [true] }, (dy, [y]) => ({ x: () => runKernel("SigmoidGrad", { y, dy }) }));
  defineGradient("SigmoidGrad", { inputs: ["y", "dy"] }, (ddx, [y, dy]) => ({
    y: () => tf.mul(tf.mul(ddx, dy), tf.sub(1, tf.mul(y, 2))),
    dy: () => runKernel("SigmoidGrad", { y, dy: ddx }),
  }));

  defineKernel("TanhGrad", ({ y, dy }) => rawOp("TanhGrad", [y, dy]));
  defineGradient("Tanh", { outputs: [true] }, (dy, [y]) => ({ x: () => runKernel("TanhGrad", { y, dy }) }));
  defineGradient("TanhGrad", { inputs: ["y", "dy"] }, (ddx, [y, dy]) => ({
    y: () => tf.mul(tf.mul(ddx, dy), tf.mul(y, -2)),
    dy: () => runKernel("TanhGrad", { y, dy: ddx }),
  }));
}
