import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scratch, tf } from "../../../lib/src";
import torch from "../../fixtures/scratch/layers.json";
import { apart, expectAsPyTorch, gradientError, normal, onTensorFlow, padding, seed, size } from "./layers";

const { avgPool2d, maxPool2d, tensor } = scratch;
const pools = { maxPool2d, avgPool2d };

describe.each(["maxPool2d", "avgPool2d"] as const)("%s", (name) => {
  const pool = pools[name];

  it.each(torch[name])("has PyTorch's values and gradients with $options", (row) => {
    expectAsPyTorch(row, (x) => pool(x, row.options));
  });

  it("has the gradients of finite differences over random shapes, strides and paddings", () => {
    const sizes = fc.tuple(size(2), size(6, 3), size(6, 3), size(2));
    const check = fc.property(seed, sizes, size(3), size(3), padding, (s, shape, size, stride, padding) => {
      // More padding than half a window would leave windows with nothing in them.
      const inside = typeof padding === "number" ? Math.min(padding, Math.floor(size / 2)) : padding;
      const x = apart(s, shape);
      expect(gradientError(() => pool(x, { size, stride, padding: inside }), [x])).toBeLessThan(1e-7);
    });
    fc.assert(check, { seed: 6, numRuns: 40 });
  });

  it("has TensorFlow's values with padding that is odd", () => {
    const x = normal(3, [2, 5, 7, 2]);
    const y = pool(x, { size: 2, stride: 2, padding: "same" });
    const theirs = tf.tidy(() => {
      const f = name === "maxPool2d" ? tf.maxPool : tf.avgPool;
      return f(onTensorFlow(x) as tf.Tensor4D, 2, 2, "same").dataSync();
    });
    expect(y.data).toBeAllclose(theirs, { atol: 1e-6 });
  });

  it("refuses a picture without channels, a window that is too large, and padding that could fill one", () => {
    expect(() => pool(normal(1, [4, 4]))).toThrow(/x to be a tensor of shape/);
    expect(() => pool(normal(1, [1, 4, 4, 1]), { size: 5 })).toThrow(/at most 4/);
    expect(() => pool(normal(1, [1, 4, 4, 1]), { size: 2, padding: 2 })).toThrow(
      /padding to be an integer from 0 to 1/,
    );
  });
});

it("maxPool2d gives the gradient of a tie to the first", () => {
  const x = tensor([5, 5, 5, 5], [1, 2, 2, 1]);
  maxPool2d(x).sum().backward();
  expect(x.grad.data).toBeAllclose([1, 0, 0, 0]);
});
