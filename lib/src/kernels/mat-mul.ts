/**
 * Products of matrices that are small, without the fixed cost of TensorFlow's batched product: on a CPU that one is handed
 * to oneDNN, which spends 60 µs on every call before it computes, as long as all the rest of a small dense layer.
 */
import { tf } from "../tensorflow";
import { defineKernel, rawOp } from "./raw-op";

/**
 * Multiplications up to which the plain product wins: 32 x 784 x 128 gains 1.8 to 2 times and 32 x 64 x 64 three times,
 * from 32 x 784 x 512 on it loses where b is transposed (down to 0.4 times at 128 x 2048 x 128).
 */
const SMALL = 2 ** 22;
/**
 * With fewer rows than this, and b transposed, the plain product of an eager or single call differs in the last bits from
 * that of a loop, where TensorFlow puts no oneDNN in place: `scan` would not repeat single calls to the last bit. (With one
 * row, or a long sum, the batched product differs there as well.)
 */
const FEW_ROWS = 16;

/** `tf.matMul`, and the dense layers and gradients on it. */
export function registerMatMul(): void {
  defineKernel("BatchMatMul", ({ a, b }, { transposeA, transposeB }) =>
    isSmall(a, b, Boolean(transposeA), Boolean(transposeB))
      ? rawOp("MatMul", [a, b], { transpose_a: Boolean(transposeA), transpose_b: Boolean(transposeB) })
      : rawOp("BatchMatMulV2", [a, b], { adj_x: Boolean(transposeA), adj_y: Boolean(transposeB) }),
  );
}

function isSmall(a: tf.Tensor, b: tf.Tensor, transposeA: boolean, transposeB: boolean): boolean {
  if (a.shape.length !== 2 || b.shape.length !== 2) return false;
  if (transposeB && a.shape[transposeA ? 1 : 0] < FEW_ROWS) return false;
  // a has m · k elements, and b has n columns.
  return elements(a.shape) * b.shape[transposeB ? 0 : 1] <= SMALL;
}

// Inputs of kernels are bare descriptions of tensors, without a size.
const elements = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);
