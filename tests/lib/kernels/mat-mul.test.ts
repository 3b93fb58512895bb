import { describe, expect, it } from "vitest";
import { compile } from "../../../lib/src/capture";
import "../../../lib/src/kernels";
import { tf } from "../../../lib/src/tensorflow";
import { opsOf } from "./against-tensorflow";

/** Σ over k of a[i][k] · b[k][j] in float64. */
function byHand(a: number[][], b: number[][]): number[][] {
  return a.map((row) => b[0].map((_, j) => row.reduce((sum, value, k) => sum + value * b[k][j], 0)));
}

const transposed = (rows: number[][]) => rows[0].map((_, j) => rows.map((row) => row[j]));
const normal = (shape: [number, number], seed: number) => tf.randomNormal<tf.Rank.R2>(shape, 0, 1, "float32", seed);

describe("matMul of matrices", () => {
  for (const [transposeA, transposeB] of [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ]) {
    it(`multiplies rows with columns, a ${transposeA ? "transposed" : "as it is"}, b ${transposeB ? "transposed" : "as it is"}`, () => {
      const a = normal(transposeA ? [5, 3] : [3, 5], 1);
      const b = normal(transposeB ? [4, 5] : [5, 4], 2);
      const rows = (tensor: tf.Tensor2D, turn: boolean) => (turn ? transposed(tensor.arraySync()) : tensor.arraySync());
      const wanted = byHand(rows(a, transposeA), rows(b, transposeB));
      const got = tf.matMul(a, b, transposeA, transposeB);
      expect(got.shape).toEqual([3, 4]);
      (got.arraySync() as number[][]).forEach((row, i) =>
        row.forEach((value, j) => expect(value).toBeCloseTo(wanted[i][j], 5)),
      );
    });
  }

  it("is one plain product where it is small, forward and back, and the batched one where it is large or has a batch", () => {
    const a = normal([20, 5], 1);
    const b = normal([5, 4], 2);
    const dy = normal([20, 4], 3);
    const backward = () => tf.grads((x, y) => tf.matMul(x as tf.Tensor2D, y as tf.Tensor2D))([a, b], dy);
    expect(opsOf(backward)).toEqual(["MatMul", "MatMul", "MatMul"]);
    // 256 · 256 · 128 multiplications, whichever way b lies
    expect(opsOf(() => tf.matMul(normal([256, 256], 1), normal([128, 256], 2), false, true))).toContain(
      "BatchMatMulV2",
    );
    // Too few rows for the same bits in a loop
    expect(opsOf(() => tf.matMul(normal([3, 5], 1), normal([4, 5], 2), false, true))).toContain("BatchMatMulV2");
    expect(opsOf(() => tf.matMul(tf.ones([2, 3, 5]), tf.ones([2, 5, 4])))).toContain("BatchMatMulV2");
  });
});

describe("scan() over matMul", () => {
  for (const [m, k, n, transposeB] of [
    [6, 4, 8, true],
    [15, 64, 10, true],
    [16, 64, 10, true],
    [32, 64, 64, true],
    [6, 4, 8, false],
    [32, 64, 64, false],
  ] as const) {
    it(`gives the bits of single calls for [${m}, ${k}] times ${transposeB ? "transposed " : ""}[${k}, ${n}]`, () => {
      const w = normal(transposeB ? [n, k] : [k, n], 1);
      const x = tf.randomNormal<tf.Rank.R3>([5, m, k], 0, 1, "float32", 2);
      const product = (x: tf.Tensor2D) => tf.matMul(x, w, false, transposeB);
      const step = compile(product);
      const single = tf.unstack(x).map((row) => Array.from(product(row as unknown as tf.Tensor2D).dataSync()));
      expect(tf.unstack(step.scan(x)).map((row) => Array.from(row.dataSync()))).toEqual(single);
      step.dispose();
    });
  }
});
