import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scratch } from "../../../lib/src";
import torch from "../../fixtures/scratch/layers.json";
import { normal, seed, size } from "./layers";

const { gradientCheck, softmax, softmaxCrossEntropy, tensor } = scratch;

describe("softmaxCrossEntropy", () => {
  it("has PyTorch's value and gradient", () => {
    const { logits, labels, loss, grad } = torch.crossEntropy;
    const z = tensor(logits);
    const L = softmaxCrossEntropy(z, labels);
    L.backward();
    expect(L.item()).toBeAllclose(loss, { atol: 1e-12 });
    expect(z.grad.data).toBeAllclose(grad, { atol: 1e-10 });
  });

  it("has the gradients of finite differences over random shapes", () => {
    const check = fc.property(seed, size(4), size(5), (s, batch, classes) => {
      const z = normal(s, [batch, classes]);
      const labels = Array.from({ length: batch }, (_, i) => (s + i) % classes);
      expect(gradientCheck(() => softmaxCrossEntropy(z, labels).mul(3), [z]).difference).toBeLessThan(1e-7);
    });
    fc.assert(check, { seed: 9, numRuns: 40 });
  });

  it("is the logarithm of the number of classes where all scores are equal", () => {
    expect(softmaxCrossEntropy(tensor([[7, 7, 7, 7]]), [2]).item()).toBeCloseTo(Math.log(4), 12);
  });

  it("bears scores at which e^z is infinite", () => {
    const z = tensor([
      [1000, 0],
      [-1000, 0],
    ]);
    const L = softmaxCrossEntropy(z, [1, 0]);
    L.backward();
    expect(L.item()).toBe(1000);
    expect(z.grad.data).toBeAllclose([0.5, -0.5, -0.5, 0.5]);
    expect(softmax(z).data).toBeAllclose([1, 0, 0, 1]);
  });

  it("refuses labels that are no classes, or not one for each row", () => {
    expect(() => softmaxCrossEntropy(normal(1, [2, 3]), [0])).toThrow(/2 classes, one for each row of logits, got 1/);
    expect(() => softmaxCrossEntropy(normal(1, [2, 3]), [0, 3])).toThrow(/labels from 0 to 2/);
    expect(() => softmaxCrossEntropy(normal(1, [3]), [0])).toThrow(/logits to be a tensor of shape/);
  });
});
