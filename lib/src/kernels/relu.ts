/**
 * Rectifiers with their gradient as one op. TensorFlow.js multiplies by a mask that it builds from ones made in
 * JavaScript: eight ops and an upload of the activation's size for every ReLU in every step.
 */
import { tf } from "../tensorflow";
import { defineGradient, defineKernel, rawOp, runKernel } from "./raw-op";

/** `relu`, `relu6` and `leakyRelu`; `step` without uploads. The gradient at 0 is that of TensorFlow. */
export function registerRelu(): void {
  // y and not x is kept for the way back: it says the same, and lets TensorFlow overwrite x.
  defineKernel("ReluGrad", ({ dy, y }) => rawOp("ReluGrad", [dy, y]));
  defineGradient("Relu", { outputs: [true] }, (dy, [y]) => ({ x: () => runKernel("ReluGrad", { dy, y }) }));
  defineGradient("ReluGrad", { inputs: ["y"] }, (ddx, [y]) => ({
    dy: () => runKernel("ReluGrad", { dy: ddx, y }),
    y: () => tf.zerosLike(y),
  }));

  defineKernel("Relu6Grad", ({ dy, x }) => rawOp("Relu6Grad", [dy, x]));
  defineGradient("Relu6", { inputs: ["x"] }, (dy, [x]) => ({ x: () => runKernel("Relu6Grad", { dy, x }) }));
  defineGradient("Relu6Grad", { inputs: ["x"] }, (ddx, [x]) => ({
    dy: () => runKernel("Relu6Grad", { dy: ddx, x }),
    x: () => tf.zerosLike(x),
  }));

  defineKernel("LeakyReluGrad", ({ dy, x }, { alpha }) =>
    rawOp("LeakyReluGrad", [dy, x], { alpha: { float: alpha as number } }),
  );
  defineGradient("LeakyRelu", { inputs: ["x"] }, (dy, [x], attributes) => ({
    x: () => runKernel("LeakyReluGrad", { dy, x }, attributes),
  }));
  defineGradient("LeakyReluGrad", { inputs: ["x"] }, (ddx, [x], attributes) => ({
    dy: () => runKernel("LeakyReluGrad", { dy: ddx, x }, attributes),
    x: () => tf.zerosLike(x),
  }));

  // NaN stays NaN, as in TensorFlow.js' own: sign(NaN) is NaN, and relu passes it on.
  defineKernel("Step", ({ x }, { alpha }) =>
    tf.tidy(() => {
      if (alpha === 0) return rawOp("Relu", [rawOp("Sign", [x])]);
      const positive = rawOp("Greater", [x, tf.scalar(0, x.dtype)]);
      const step = rawOp("SelectV2", [positive, tf.scalar(1, x.dtype), tf.scalar(alpha as number, x.dtype)]);
      return x.dtype === "float32" ? rawOp("SelectV2", [rawOp("IsNan", [x]), x, step]) : step;
    }),
  );
}
