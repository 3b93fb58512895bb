import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cell } from "../../../lib/src/nas/cell";
import { cellLayer, planSize, type Plan } from "../../../lib/src/nas/plan";
import { searchSpace } from "../../../lib/src/nas/search-space";
import { smallCnn, smallCnnSpace } from "../../../lib/src/nas/small-cnn-space";
import { toModel, TooLargeError } from "../../../lib/src/nas/to-model";
import { generator } from "../../../lib/src/random";
import { tf } from "../../../lib/src/tensorflow";

const inputShape = [32, 32, 3];

/** Builds, looks, and frees; fails where a tensor is left. */
function withModel<T>(
  plan: Plan,
  options: { inputShape: number[]; seed?: number },
  look: (model: tf.LayersModel) => T,
): T {
  const before = tf.memory().numTensors;
  const model = toModel(plan, options);
  try {
    return look(model);
  } finally {
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  }
}

describe("toModel", () => {
  it("builds networks with the parameters and the shape that were counted", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const plan = smallCnn(smallCnnSpace.sample(generator(seed)));
        const { parameters, shape } = planSize(plan, inputShape);
        withModel(plan, { inputShape }, (model) => {
          expect(model.countParams()).toBe(parameters);
          expect(model.outputShape).toEqual([null, ...shape]);
        });
      }),
      { numRuns: 15 },
    );
  });

  it("rescales what comes in, and keeps batch norm's running means as the plan has it", () => {
    const plan: Plan = [
      { kind: "rescale", scale: 4, offset: -1 },
      { kind: "batchNorm", momentum: 0.5 },
    ];
    expect(planSize(plan, [3])).toEqual({ parameters: 12, flops: 0, shape: [3] });
    withModel(plan, { inputShape: [3] }, (model) => {
      const mean = () => tf.tidy(() => Array.from(model.weights[2].read().dataSync()));
      const x = tf.tensor2d([
        [0, 1, 2],
        [1, 1, 3],
      ]);
      tf.tidy(() => void model.apply(x, { training: true }));
      // Half of 0, where they begin, and half of the means of 4 x - 1.
      expect(mean()).toEqual([0.5, 1.5, 4.5]);
      x.dispose();
    });
  });

  it("builds every cell that has a way through, with what was counted", () => {
    const options = { nodes: 4, none: "none", identity: "skip" } as const;
    const space = searchSpace({ cell: cell({ ...options, operations: ["none", "skip", "conv", "pool"] }) });
    const operations = {
      conv: [{ kind: "conv2d", filters: 4, kernelSize: 3 }, { kind: "batchNorm" }],
      pool: [{ kind: "averagePool", size: 3, strides: 1 }],
    } as const;
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const genotype = space.sample(generator(seed));
        fc.pre(space.key(genotype) !== "cell=nothing");
        const plan = [cellLayer(genotype.cell, options, operations)];
        withModel(plan, { inputShape: [8, 8, 4] }, (model) => {
          expect(model.countParams()).toBe(planSize(plan, [8, 8, 4]).parameters);
          expect(model.outputShape).toEqual([null, 8, 8, 4]);
        });
      }),
      { numRuns: 30 },
    );
  });

  it("computes what the plan says: a sum of ways", () => {
    // Two paths that hand on and one relu: 2x + max(0, x).
    const edges = [
      { from: 0, to: 1, layers: [{ kind: "relu" } as const] },
      { from: 0, to: 2, layers: [] },
      { from: 1, to: 2, layers: [] },
    ];
    const plan: Plan = [{ kind: "residual", layers: [{ kind: "cell", nodes: 3, edges }] }];
    withModel(plan, { inputShape: [3] }, (model) => {
      const y = tf.tidy(() => (model.predict(tf.tensor2d([[-1, 0, 2]])) as tf.Tensor).dataSync());
      expect(y).toBeAllclose([-2, 0, 6]);
    });
  });

  it("starts with the same weights for the same seed", () => {
    const plan = smallCnn({ depth: 1, width: 8, growth: 1, kernel: 3, pooling: "max", norm: "none" });
    const first = (seed: number) =>
      withModel(plan, { inputShape, seed }, (model) => Array.from(model.getWeights()[0].dataSync()));
    expect(first(1)).toEqual(first(1));
    expect(first(1)).not.toEqual(first(2));
  });

  it("refuses what is too large before anything is built", () => {
    const before = Object.keys(tf.engine().registeredVariables).length;
    const plan = smallCnn({ depth: 2, width: 32, growth: 2, kernel: 3, pooling: "max", norm: "none", skip: true });
    const { parameters, flops } = planSize(plan, inputShape);
    // 864 + 9 · (1024 + 2048 + 4096 + 8192 + 16384) weights, 448 biases, 1,290 in the dense layer: 288,298.
    const build = (options: object) => () => toModel(plan, { inputShape, ...options });
    expect(build({ maxParameters: parameters - 1 })).toThrow(TooLargeError);
    expect(build({ maxParameters: 200_000 })).toThrow("too large: 288,298 parameters, at most 200,000");
    expect(build({ maxFlops: flops - 1 })).toThrow("operations an example, at most");
    expect(build({ maxParams: 1 })).toThrow("did you mean maxParameters?");
    expect(Object.keys(tf.engine().registeredVariables)).toHaveLength(before);
  });
});
