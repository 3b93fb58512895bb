import { describe, expect, it } from "vitest";
import { planSize } from "../../../lib/src/nas/plan";
import { smallCnn, SMALL_CNN_PARAMETERS, smallCnnSpace, type SmallCnn } from "../../../lib/src/nas/small-cnn-space";
import type { Genotype } from "../../../lib/src/nas/search-space";

describe("smallCnnSpace", () => {
  const all: SmallCnn[] = [...smallCnnSpace.all()];
  const sizes = all.map((genotype) => planSize(smallCnn(genotype), [32, 32, 3]));

  it("has some hundreds of networks, all different, ten classes, at most 300,000 parameters", () => {
    expect(all).toHaveLength(312);
    expect(new Set(all.map((genotype) => smallCnnSpace.key(genotype))).size).toBe(312);
    for (const { parameters, shape } of sizes) {
      expect(shape).toEqual([10]);
      expect(parameters).toBeLessThanOrEqual(SMALL_CNN_PARAMETERS);
    }
  });

  it("knows its genotypes by their type", () => {
    const genotype: Genotype<typeof smallCnnSpace> = all[0];
    const small: SmallCnn = genotype;
    expect(smallCnnSpace.encode(small)).toEqual([0, 0, 0, 0, 0, 0, -1]);
  });

  it("halves the image twice, whichever way", () => {
    for (const pooling of ["max", "average", "stride"] as const) {
      const plan = smallCnn({ depth: 2, width: 8, growth: 2, kernel: 3, pooling, norm: "batch", skip: true });
      // Up to the mean of each channel.
      expect(planSize(plan.slice(0, -2), [32, 32, 3]).shape).toEqual([8, 8, 32]);
    }
  });

  it("has the parameters that its description leads to", () => {
    // 3x3 from 3 to 8, 8 to 8, 8 to 8 filters with biases, and 8 to 10 classes.
    const plain = smallCnn({ depth: 1, width: 8, growth: 1, kernel: 3, pooling: "max", norm: "none" });
    expect(planSize(plain, [32, 32, 3]).parameters).toBe(27 * 8 + 8 + 2 * (72 * 8 + 8) + 90);
    // Batch norm's four numbers a channel in place of a bias.
    const normed = smallCnn({ depth: 1, width: 8, growth: 1, kernel: 3, pooling: "stride", norm: "batch" });
    expect(planSize(normed, [32, 32, 3]).parameters).toBe(27 * 8 + 2 * 72 * 8 + 3 * 32 + 90);
  });

  it("adds the input of each convolution but the first where it skips", () => {
    const kinds = (skip: boolean) =>
      smallCnn({ depth: 3, width: 8, growth: 1, kernel: 3, pooling: "max", norm: "none", skip }).map(
        ({ kind }) => kind,
      );
    expect(kinds(true).filter((kind) => kind === "residual")).toHaveLength(6);
    expect(kinds(false)).not.toContain("residual");
  });
});
