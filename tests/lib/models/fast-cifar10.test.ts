import { describe, expect, it } from "vitest";
import { registerKernels } from "../../../lib/src/kernels";
import { fastCifar10, FastCifar10Options } from "../../../lib/src/models";
import { tf } from "../../../lib/src/tensorflow";
import fixture from "../../fixtures/models/fast-cifar10.json";

registerKernels();

const whitening = (size = 2, filters = 24) =>
  tf.randomNormal([size, size, 3, filters], 0, 1, "float32", 1) as tf.Tensor4D;
function build(options: FastCifar10Options = {}): tf.Sequential {
  return tf.sequential({ layers: fastCifar10(options) });
}
const valuesOf = (model: tf.LayersModel) => model.weights.map((weight) => Array.from(weight.read().dataSync()));

describe("fastCifar10", () => {
  it("has the parameters that its description leads to", () => {
    const kernel = whitening();
    const pairs = [24 * 64, 64 * 64, 64 * 256, 256 * 256, 256 * 256, 256 * 256];
    const kernels = pairs.reduce((sum, count) => sum + 9 * count, 2 * 2 * 3 * 24);
    // Batch norm: an offset, a mean and a variance for each filter.
    const vectors = 24 + 3 * 2 * (64 + 256 + 256);
    expect(build({ whitening: kernel }).countParams()).toBe(kernels + vectors + 256 * 10);
    kernel.dispose();
  });

  it.each(fixture.cases)("gives PyTorch's logits (whitening $whitening, residual $residual)", (wanted) => {
    const kernel = wanted.whitening ? whitening(2, 6) : undefined;
    const model = build({ widths: [3, 4, 5], whitening: kernel, residual: wanted.residual });
    const x = tf.tensor4d(fixture.x, [3, 32, 32, 3]);
    model.weights.forEach((weight, i) => {
      tf.tidy(() => (weight.read() as tf.Variable).assign(tf.tensor(wanted.weights[i], weight.shape as number[])));
    });
    const logits = (training: boolean) => tf.tidy(() => (model.apply(x, { training }) as tf.Tensor).dataSync());
    expect(logits(false)).toBeAllclose(wanted.inUse.flat(), { atol: 2e-5, rtol: 2e-4 });
    expect(logits(true)).toBeAllclose(wanted.training.flat(), { atol: 2e-5, rtol: 2e-4 }); // moves the averages
    tf.dispose(kernel ? [x, kernel] : [x]);
    model.dispose();
  });

  it("starts as the identity as far as it can, or with Glorot's weights", () => {
    const centre = ({ layers }: tf.Sequential, i: number) =>
      tf.tidy(() => {
        const convolutions = layers.filter((layer) => layer.getClassName() === "Conv2D");
        const kernel = convolutions[i].getWeights()[0];
        return (kernel.arraySync() as number[][][][])[1][1].map((row) => row.slice(0, 24));
      });
    const unit = Array.from({ length: 24 }, (_, i) => Array.from({ length: 24 }, (_, j) => Number(i === j)));
    const [identity, glorot] = [build({ widths: [32, 24, 24] }), build({ widths: [32, 24, 24], identity: false })];
    expect(centre(identity, 1)).toEqual(unit);
    const bound = Math.sqrt(6 / (9 * (24 + 32)));
    const largest = Math.max(...centre(glorot, 1).flat().map(Math.abs));
    expect(largest).toBeLessThanOrEqual(bound);
    expect(largest).toBeGreaterThan(0.9 * bound);
    [identity, glorot].forEach((model) => model.dispose());
  });

  it("is the same network for the same seed, and leaves no tensor behind", () => {
    const before = tf.memory().numTensors;
    const kernel = whitening();
    const widths = [4, 4, 4] as const;
    const [a, b, c] = [1, 1, 2].map((seed) => build({ seed, widths, whitening: kernel }));
    expect(valuesOf(b)).toEqual(valuesOf(a));
    expect(valuesOf(c)).not.toEqual(valuesOf(a));
    expect(valuesOf(a)[0]).toEqual(Array.from(kernel.dataSync()));
    [a, b, c, kernel].forEach((each) => each.dispose());
    expect(tf.memory().numTensors).toBe(before);
  });

  it("refuses what makes no network", () => {
    expect(() => fastCifar10({ widths: [1, 2] as never })).toThrow(/fastCifar10\(\) wants widths to be three numbers/);
    expect(() => fastCifar10({ widths: [1, 2, 0.5] })).toThrow(/widths\[2\]/);
    expect(() => fastCifar10({ depth: 3 } as never)).toThrow(/depth/);
    const grey = tf.zeros<tf.Rank.R4>([2, 2, 1, 6]);
    expect(() => fastCifar10({ whitening: grey })).toThrow(/whitening/);
    grey.dispose();
  });
});
