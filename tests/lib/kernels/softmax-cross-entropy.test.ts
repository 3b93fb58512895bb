import { describe, expect, it } from "vitest";
import { sparseSoftmaxCrossEntropy } from "../../../lib/src/kernels";
import { tf } from "../../../lib/src/tensorflow";
import { expectAsTensorFlow, opsOf } from "./against-tensorflow";

const perRow = (y: tf.Tensor, x: tf.Tensor) =>
  tf.losses.softmaxCrossEntropy(y, x, undefined, 0, tf.Reduction.NONE) as tf.Tensor;

describe("softmaxCrossEntropy", () => {
  it("equals TensorFlow's in value, gradient and second gradient", () => {
    const labels = tf.tensor2d([1, 0, 0, 0.2, 0.5, 0.3, 0, 0, 1, 0, 1, 0], [4, 3]);
    expectAsTensorFlow("softmaxCrossEntropy", (x) => perRow(labels, x));
    labels.dispose();
  });

  it("has a gradient by the labels too: minus the logarithm of the probability", () => {
    const logits = tf.log([[0.5, 0.25, 0.25]]);
    const gradient = tf.grad((labels: tf.Tensor) => perRow(labels, logits))(tf.tensor2d([[0, 1, 0]]));
    expect(gradient.dataSync()).toBeAllclose([Math.log(2), Math.log(4), Math.log(4)]);
  });

  it("goes forward and back in two ops", () => {
    const [x, y] = [tf.zeros([2, 3]), tf.oneHot([0, 1], 3).toFloat()];
    const ops = opsOf(() => tf.grad((x: tf.Tensor) => perRow(y, x))(x, tf.ones([2])));
    expect(ops.filter((name) => !/Identity|Reshape/.test(name))).toEqual([
      "SoftmaxCrossEntropyWithLogits",
      "ExpandDims",
      "Mul",
    ]);
    tf.dispose([x, y]);
  });

  it("smooths labels, weighs rows and averages as before", () => {
    const y = tf.tensor2d([1, 0, 0, 1], [2, 2]);
    const x = tf.tensor2d([2, 0, 1, 0], [2, 2]);
    // Smoothed by 0.2: 0.9 and 0.1. Row losses log(e²+1) - 1.8 and log(e+1) - 0.1, weighed 1 and 0: mean of those with weight.
    const loss = tf.losses.softmaxCrossEntropy(y, x, tf.tensor1d([1, 0]), 0.2);
    expect(loss.dataSync()).toBeAllclose([Math.log(Math.exp(2) + 1) - 1.8]);
  });

  it("takes sequences, with one loss for each step", () => {
    const y = tf.oneHot(tf.tensor2d([[0, 1, 2]], [1, 3], "int32"), 4).toFloat();
    expect(perRow(y, tf.zeros([1, 3, 4])).arraySync()).toEqual([[0, 0, 0].map(() => Math.fround(Math.log(4)))]);
  });

  it("stays finite for logits that overflow", () => {
    const loss = perRow(tf.tensor2d([[0, 1]]), tf.tensor2d([[1000, -1000]]));
    expect(loss.dataSync()).toBeAllclose([2000]);
  });

  it("refuses shapes that differ, as before", () => {
    expect(() => tf.losses.softmaxCrossEntropy(tf.zeros([2, 3]), tf.zeros([2, 4]))).toThrow(/softmaxCrossEntropy/);
  });
});

describe("sparseSoftmaxCrossEntropy", () => {
  const labels = () => tf.tensor1d([2, 0, 1, 1], "int32");
  it("equals TensorFlow's in value, gradient and second gradient", () => {
    expectAsTensorFlow("sparseSoftmaxCrossEntropy", (x) => tf.tidy(() => sparseSoftmaxCrossEntropy(labels(), x)));
  });

  it("says what it wants", () => {
    expect(() => sparseSoftmaxCrossEntropy(tf.tensor1d([1]), tf.zeros([1, 3]))).toThrow(
      "sparseSoftmaxCrossEntropy() wants labels to be a tensor of int32, got a tensor of float32 [1]. Remedy: labels.toInt().",
    );
    expect(() => sparseSoftmaxCrossEntropy(labels(), tf.zeros([3, 3]))).toThrow(/shape \[3\], one label for each row/);
  });
});
