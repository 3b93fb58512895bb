import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scratch } from "../../../lib/src";
import torch from "../../fixtures/scratch/layers.json";
import { expectAsPyTorch, gradientError, normal, seed, size } from "./layers";

const { batchNorm, batchNormInference, batchStatistics } = scratch;

describe("batchNorm", () => {
  it("has PyTorch's values and gradients", () => {
    expectAsPyTorch(torch.batchNorm, (x, gamma, beta) => batchNorm(x, gamma, beta), 1e-9);
  });

  it("has the gradients of finite differences over random shapes", () => {
    const check = fc.property(seed, size(4, 2), size(3), size(3), (s, n, m, channels) => {
      const x = normal(s, [n, m, channels]),
        gamma = normal(s + 1, [channels]),
        beta = normal(s + 2, [channels]);
      // A wider epsilon keeps channels that hardly change from having slopes that no difference can follow.
      expect(gradientError(() => batchNorm(x, gamma, beta, { epsilon: 0.1 }), [x, gamma, beta])).toBeLessThan(1e-7);
    });
    fc.assert(check, { seed: 8, numRuns: 40 });
  });

  it("is what the same steps give one after another, gradients too", () => {
    const x = normal(1, [6, 3]),
      gamma = normal(2, [3]),
      beta = normal(3, [3]);
    const inputs = [x, gamma, beta];
    const gradients = (y: scratch.Tensor) => {
      for (const input of inputs) input.zeroGrad();
      y.mul(normal(4, [6, 3]))
        .sum()
        .backward();
      return inputs.flatMap(({ grad }) => [...grad.data]);
    };
    const centred = x.sub(x.mean(0));
    const steps = centred.div(centred.mul(centred).mean(0).add(1e-5).sqrt()).mul(gamma).add(beta);
    const whole = batchNorm(x, gamma, beta);
    expect(whole.data).toBeAllclose(steps.data, { atol: 1e-12 });
    expect(gradients(whole)).toBeAllclose(gradients(steps), { atol: 1e-12 });
  });

  it("in use gives the same with the statistics of the same batch, and gradients that leave them alone", () => {
    const x = normal(1, [5, 2]),
      gamma = normal(2, [2]),
      beta = normal(3, [2]);
    const statistics = batchStatistics(x);
    const y = batchNormInference(x, gamma, beta, statistics);
    expect(y.data).toBeAllclose(batchNorm(x, gamma, beta).data, { atol: 1e-15 });
    expect(gradientError(() => batchNormInference(x, gamma, beta, statistics), [x, gamma, beta])).toBeLessThan(1e-7);
  });

  it("refuses other channels and a negative epsilon", () => {
    expect(() => batchNorm(normal(1, [2, 3]), normal(1, [2]), normal(1, [3]))).toThrow(
      /gamma to be a tensor of shape \[3\]/,
    );
    expect(() => batchNorm(normal(1, [2, 3]), normal(1, [3]), normal(1, [2]))).toThrow(
      /beta to be a tensor of shape \[3\]/,
    );
    expect(() => batchNorm(normal(1, [2, 3]), normal(1, [3]), normal(1, [3]), { epsilon: -1 })).toThrow(/epsilon/);
  });
});
