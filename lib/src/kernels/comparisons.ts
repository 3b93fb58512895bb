/** Comparisons let no gradient through. TensorFlow.js does not say so and stops with "gradient function not found". */
import { tf } from "../tensorflow";
import { defineGradient } from "./raw-op";

const COMPARISONS = ["Equal", "NotEqual", "Less", "LessEqual", "Greater", "GreaterEqual", "LogicalAnd", "LogicalOr"];

/** Zero gradients for comparisons of numbers and for what combines them, so that masks may depend on the input. */
export function registerComparisons(): void {
  for (const name of COMPARISONS) {
    defineGradient(name, { inputs: ["a", "b"] }, (_, [a, b]) => ({ a: () => zeros(a), b: () => zeros(b) }));
  }
  defineGradient("LogicalNot", { inputs: ["x"] }, (_, [x]) => ({ x: () => zeros(x) }));
}

function zeros(x: tf.Tensor): tf.Tensor {
  return tf.zerosLike(tf.cast(x, "float32"));
}
