import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scratch, tf } from "../../../lib/src";
import torch from "../../fixtures/scratch/layers.json";
import { expectAsPyTorch, gradientError, normal, onTensorFlow, padding, seed, size } from "./layers";

const { conv2d, tensor } = scratch;

describe("conv2d", () => {
  it("slides the kernel without turning it round", () => {
    const x = tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
    const kernel = tensor([1, 0, 0, 10], [2, 2, 1, 1]);
    expect(conv2d(x, kernel).data).toBeAllclose([51, 62, 84, 95]); // 1 · top left + 10 · bottom right
  });

  it.each(torch.conv2d)(
    "has PyTorch's values and gradients with stride $options.stride and padding $options.padding",
    (row) => expectAsPyTorch(row, (x, kernel) => conv2d(x, kernel, row.options)),
  );

  it("has the gradients of finite differences over random shapes, strides and paddings", () => {
    const sizes = fc.tuple(size(2), size(5, 3), size(5, 3), size(2), size(3), size(3), size(2));
    const check = fc.property(seed, sizes, size(3), padding, (s, [b, h, w, c, kh, kw, o], stride, padding) => {
      const x = normal(s, [b, h, w, c]),
        kernel = normal(s + 1, [kh, kw, c, o]);
      expect(gradientError(() => conv2d(x, kernel, { stride, padding }), [x, kernel])).toBeLessThan(1e-7);
    });
    fc.assert(check, { seed: 4, numRuns: 40 });
  });

  it("has TensorFlow's values and gradients over random shapes, strides and paddings", () => {
    const sizes = fc.tuple(size(2), size(7, 3), size(7, 3), size(3), size(3), size(3), size(3));
    const words = fc.constantFrom("valid" as const, "same" as const);
    const check = fc.property(seed, sizes, size(3), words, (s, [b, h, w, c, kh, kw, o], stride, padding) => {
      const x = normal(s, [b, h, w, c]),
        kernel = normal(s + 1, [kh, kw, c, o]);
      const y = conv2d(x, kernel, { stride, padding });
      y.sum().backward();
      const [dx, dk, value] = tf.tidy(() => {
        const f = (x: tf.Tensor, k: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, k as tf.Tensor4D, stride, padding);
        const at = [x, kernel].map(onTensorFlow);
        return [...tf.grads(f)(at), f(at[0], at[1])].map((t) => t.dataSync());
      });
      expect(y.data).toBeAllclose(value, { atol: 1e-4 });
      expect(x.grad.data).toBeAllclose(dx, { atol: 1e-4 });
      expect(kernel.grad.data).toBeAllclose(dk, { atol: 1e-4 });
    });
    fc.assert(check, { seed: 5, numRuns: 40 });
  });

  it.each([
    [
      "a picture without channels",
      () => conv2d(normal(1, [4, 4]), normal(1, [2, 2, 1, 1])),
      /x to be a tensor of shape.*reshape/,
    ],
    [
      "other channels",
      () => conv2d(normal(1, [1, 4, 4, 3]), normal(1, [2, 2, 1, 1])),
      /channels of the kernel to be 3, as x has, got 1/,
    ],
    [
      "a kernel larger than the picture",
      () => conv2d(normal(1, [1, 2, 2, 1]), normal(1, [3, 3, 1, 1])),
      /at most 2, the size of the padded/,
    ],
    [
      "a stride of 0",
      () => conv2d(normal(1, [1, 2, 2, 1]), normal(1, [1, 1, 1, 1]), { stride: 0 }),
      /stride to be an integer from 1 up/,
    ],
    [
      "an unknown padding",
      () => conv2d(normal(1, [1, 2, 2, 1]), normal(1, [1, 1, 1, 1]), { padding: "full" as "same" }),
      /"valid", "same" or a number/,
    ],
  ])("refuses %s", (_, f, message) => {
    expect(f).toThrow(message);
  });
});
