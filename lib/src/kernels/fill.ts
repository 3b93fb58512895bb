/** Tensors of one value made where they are used. TensorFlow.js fills an array in JavaScript and uploads it. */
import { tf } from "../tensorflow";
import { replaceFunction } from "../tensorflow/seams";
import { isNative, runKernel } from "./raw-op";

/** Below this many elements the upload is the faster way (measured: tests/bench/kernels.ts). */
const SMALL = 2 ** 15;

type Constant = (shape: number[], dtype?: tf.DataType) => tf.Tensor;

/** `tf.ones` and `tf.zeros`. */
export function registerFill(): void {
  for (const [name, value] of [
    ["zeros", 0],
    ["ones", 1],
  ] as const) {
    replaceFunction<Constant>(name, (original) => (shape, dtype = "float32") => {
      const large = Array.isArray(shape) && shape.every(isSize) && shape.reduce((a, b) => a * b, 1) >= SMALL;
      if (!large || !isNative() || (dtype !== "float32" && dtype !== "int32")) return original(shape, dtype);
      return runKernel("Fill", {}, { shape, value, dtype });
    });
  }
}

function isSize(n: number): boolean {
  return Number.isInteger(n) && n >= 0;
}
