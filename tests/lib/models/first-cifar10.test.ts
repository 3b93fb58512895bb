import { describe, expect, it } from "vitest";
import { fiveConvolutions, threeConvolutions } from "../../../lib/src/models";
import { tf } from "../../../lib/src/tensorflow";

const networks = { threeConvolutions, fiveConvolutions };
const build = (layers: tf.layers.Layer[]) => tf.sequential({ layers });

describe("threeConvolutions", () => {
  const model = build(threeConvolutions());

  // A kernel of 3 · 3 · in · out numbers and out biases, in · out + out for a dense layer, added up by hand.
  it("has the parameters that its description leads to", () => {
    const counts = model.layers.map((layer) => layer.countParams());
    expect(counts).toEqual([
      ...[3 * 3 * 3 * 32 + 32, 0, 3 * 3 * 32 * 64 + 64, 0, 3 * 3 * 64 * 128 + 128, 0],
      ...[0, 2 * 2 * 128 * 128 + 128, 128 * 10 + 10],
    ]);
    expect(model.countParams()).toBe(160_202);
  });

  it("loses a pixel on each side in a convolution, and half in a pool", () => {
    const sides = model.layers.slice(0, 6).map(({ outputShape }) => outputShape[1]);
    expect(sides).toEqual([30, 15, 13, 6, 4, 2]);
  });
});

describe("fiveConvolutions", () => {
  const model = build(fiveConvolutions());

  it("has five convolutions and three dense layers, and the parameters that they lead to", () => {
    const kinds = model.layers.map((layer) => layer.getClassName());
    expect(kinds.filter((kind) => kind === "Conv2D").length).toBe(5);
    expect(kinds.filter((kind) => kind === "Dense").length).toBe(3);
    const convolutions = [3 * 32, 32 * 64, 64 * 64, 64 * 64, 64 * 128].map((pairs) => 9 * pairs);
    const dense = [4 * 4 * 128 * 128, 128 * 64, 64 * 10];
    const biases = 32 + 64 + 64 + 64 + 128 + 128 + 64 + 10;
    expect(model.countParams()).toBe([...convolutions, ...dense, biases].reduce((sum, count) => sum + count));
    expect(model.countParams()).toBe(438_282);
  });

  it("pools after the first, the second and the fifth convolution, as AlexNet does", () => {
    const shape = model.layers.map((layer) => ({ Conv2D: "c", MaxPooling2D: "p" })[layer.getClassName()] ?? "");
    expect(shape.join("")).toBe("cpcpcccp");
  });
});

describe.each(Object.entries(networks))("%s", (_, layersOf) => {
  it("turns images into probabilities of ten classes", () => {
    tf.tidy(() => {
      const output = build(layersOf({ seed: 1 })).apply(
        tf.randomUniform([4, 32, 32, 3], 0, 1, "float32", 1),
      ) as tf.Tensor;
      expect(output.shape).toEqual([4, 10]);
      expect(output.min().dataSync()[0]).toBeGreaterThanOrEqual(0);
      for (const sum of output.sum(1).dataSync()) expect(sum).toBeCloseTo(1, 5);
    });
  });

  it("starts as Keras does: uniform weights within √(6 / (fanIn + fanOut)), biases of zero", () => {
    for (const layer of build(layersOf({ seed: 1 })).layers) {
      const [kernel, bias] = layer.getWeights();
      if (!kernel) continue;
      const field = kernel.shape.slice(0, -2).reduce((product, size) => product * size, 1);
      const [fanIn, fanOut] = kernel.shape.slice(-2).map((count) => count * field);
      const limit = Math.sqrt(6 / (fanIn + fanOut));
      const values = kernel.dataSync() as Float32Array;
      const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
      expect(low).toBeGreaterThanOrEqual(-limit);
      expect(high).toBeLessThanOrEqual(limit);
      // Of 640 uniform numbers at least the outermost come within two percent of the limits.
      expect(high - low).toBeGreaterThan(1.96 * limit);
      expect(bias.dataSync().every((value) => value === 0)).toBe(true);
    }
  });

  it("gives the same weights for the same seed, others for another, and each layer its own", () => {
    const first = (seed: number | string) => build(layersOf({ seed })).getWeights()[0].dataSync();
    expect(first(7)).toEqual(first(7));
    expect(first("x")).not.toEqual(first(7));
    const [a, b] = build(layersOf()).layers.filter((layer) => layer.getClassName() === "Dense");
    const ratio = a.getWeights()[0].dataSync()[0] / b.getWeights()[0].dataSync()[0];
    const limits = [a, b].map((layer) => {
      const [fanIn, fanOut] = layer.getWeights()[0].shape;
      return Math.sqrt(6 / (fanIn + fanOut));
    });
    expect(ratio).not.toBeCloseTo(limits[0] / limits[1], 4);
  });

  it("refuses options that do not exist", () => {
    expect(() => layersOf({ sed: 1 } as object)).toThrow("has no option sed. Remedy: did you mean seed?");
  });
});
