import { describe, expect, it } from "vitest";
import { generator } from "../../../lib/src/random";
import { argmax, sampleCategorical, sampleGaussian } from "../../../lib/src/rl/sampling";

describe("sampleCategorical", () => {
  it("draws each action as often as softmax says, also from the middle of an array", () => {
    const random = generator(1);
    const p = [0.05, 0.25, 0.7];
    const logits = Float32Array.from([9, ...p.map((value) => Math.log(value) - 4), 9]);
    const count = 20_000;
    const counts = [0, 0, 0];
    for (let i = 0; i < count; i++) counts[sampleCategorical(random, logits, 1, 3)]++;
    p.forEach((share, action) => {
      expect(Math.abs(counts[action] / count - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / count));
    });
  });

  it("stays exact for logits that exp() cannot hold", () => {
    const random = generator(2);
    expect(Array.from({ length: 50 }, () => sampleCategorical(random, [-2000, 1000, 0]))).toEqual(Array(50).fill(1));
  });
});

describe("argmax", () => {
  it("finds the first of the largest", () => {
    expect(argmax([1, 5, 5, 2])).toBe(1);
    expect(argmax([9, 1, 5, 7, 9], 1, 3)).toBe(2);
  });
});

describe("sampleGaussian", () => {
  it("draws with the mean and standard deviation of each dimension", () => {
    const random = generator(3);
    const logStd = [Math.log(2), Math.log(0.1)];
    const count = 20_000;
    const means = Float32Array.from({ length: 2 * count }, (_, i) => [5, -1][i % 2]);
    const drawn = new Float32Array(2 * count);
    for (let i = 0; i < count; i++) sampleGaussian(random, means, logStd, drawn, 2 * i);
    [5, -1].forEach((mean, k) => {
      const values = drawn.filter((_, i) => i % 2 === k);
      const average = values.reduce((sum, value) => sum + value / count, 0);
      const std = Math.sqrt(values.reduce((sum, value) => sum + (value - average) ** 2 / count, 0));
      expect(Math.abs(average - mean)).toBeLessThan((4 * Math.exp(logStd[k])) / Math.sqrt(count));
      expect(std / Math.exp(logStd[k])).toBeAllclose(1, { rtol: 0.02 });
    });
  });
});
