import { describe, expect, it } from "vitest";
import { compile } from "../../../lib/src/capture";
import { setRandomSeed } from "../../../lib/src/kernels";
import { whiteningKernel } from "../../../lib/src/models";
import { tf } from "../../../lib/src/tensorflow";

setRandomSeed(0); // makes the one variable that stays, before anybody counts

/** Images whose pixels and colours hang together, as those of photographs do: noise that is blurred and mixed. */
const images = tf.tidy(() => {
  const noise = tf.randomNormal([60, 14, 14, 3], 0, 1, "float32", 4) as tf.Tensor4D;
  const blurred = tf.avgPool(noise, 3, 1, "same");
  const mix = tf.tensor4d([1, 0.8, 0.5, 0.2, 0.5, 0.1, 0, 0.3, 0.4], [1, 1, 3, 3]);
  return tf.add(tf.conv2d(blurred, mix, 1, "same"), 0.5) as tf.Tensor4D;
});

/** What the filters make of all patches, `[patches, filters]`. */
const responses = (kernel: tf.Tensor4D) => {
  const made = tf.conv2d(images, kernel, 1, "valid");
  return tf.reshape(made, [-1, kernel.shape[3]]) as tf.Tensor2D;
};

const covariance = (values: tf.Tensor2D) => {
  const centred = tf.sub(values, tf.mean(values, 0, true));
  return tf.div(tf.matMul(centred, centred, true), values.shape[0]).arraySync() as number[][];
};

describe("whiteningKernel", () => {
  it.each([1, 2, 3])("makes patches of side %i uncorrelated, each with variance 1", (size) => {
    tf.tidy(() => {
      const kernel = whiteningKernel(images, { size, epsilon: 0 });
      const half = size * size * 3;
      expect(kernel.shape).toEqual([size, size, 3, 2 * half]);
      const found = covariance(responses(tf.slice(kernel, [0, 0, 0, 0], [-1, -1, -1, half])));
      const identity = found.map((row, i) => row.map((_, j) => Number(i === j)));
      expect(found.flat()).toBeAllclose(identity.flat(), { atol: 5e-3, rtol: 0 });
    });
  });

  it("has every filter a second time with the other sign, the strongest direction first", () => {
    tf.tidy(() => {
      const kernel = whiteningKernel(images, { epsilon: 0 });
      const [half, other] = tf.split(kernel, 2, 3);
      expect(other.dataSync()).toEqual(tf.neg(half).dataSync());
      // The stronger a direction, the smaller the filter that brings it to variance 1.
      const norms = Array.from(tf.norm(half.reshape([12, 12]), 2, 0).dataSync());
      expect([...norms].sort((a, b) => a - b)).toEqual(norms);
    });
  });

  it("holds weak directions down by epsilon: their variance becomes λ / (λ + epsilon)", () => {
    tf.tidy(() => {
      const epsilon = 0.01;
      const lengths = (kernel: tf.Tensor4D) => Array.from(tf.norm(kernel.reshape([12, 24]), 2, 0).dataSync());
      const [plain, held] = [whiteningKernel(images, { epsilon: 0 }), whiteningKernel(images, { epsilon })].map(
        lengths,
      );
      // A filter's length is 1 / √λ without epsilon, and 1 / √(λ + epsilon) with it.
      expect(held).toBeAllclose(
        plain.map((length) => 1 / Math.sqrt(1 / length ** 2 + epsilon)),
        { rtol: 1e-3 },
      );
    });
  });

  it("serves as the frozen first layer of a network that trains in a compiled step", () => {
    const before = tf.memory().numTensors;
    const kernel = whiteningKernel(images);
    const layer = tf.layers.conv2d({
      inputShape: [14, 14, 3],
      filters: 24,
      kernelSize: 2,
      useBias: false,
      trainable: false,
      weights: [kernel],
    });
    const model = tf.sequential({ layers: [layer, tf.layers.flatten(), tf.layers.dense({ units: 1 })] });
    const frozen = layer.getWeights()[0].dataSync();
    expect(frozen).toEqual(kernel.dataSync());
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    expect(variables.length).toBe(2);
    const optimizer = tf.train.sgd(1e-4);
    const step = compile((x: tf.Tensor4D) =>
      optimizer.minimize(() => tf.mean(tf.square(model.apply(x) as tf.Tensor)) as tf.Scalar, true, variables)!,
    );
    const losses = Array.from({ length: 5 }, () => tf.tidy(() => step(images).dataSync()[0]));
    expect(losses[4]).toBeLessThan(losses[0]);
    expect(layer.getWeights()[0].dataSync()).toEqual(frozen);
    step.dispose();
    optimizer.dispose();
    model.dispose();
    kernel.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("refuses what is no batch of images, patches that do not fit, and a negative epsilon", () => {
    const before = tf.memory().numTensors;
    const flat = tf.zeros([3, 3]) as unknown as tf.Tensor4D;
    expect(() => whiteningKernel(flat)).toThrow("whiteningKernel() wants images to be a tensor of shape");
    flat.dispose();
    expect(() => whiteningKernel(images, { size: 15 })).toThrow("wants size to be an integer from 1 to 14, got 15.");
    expect(() => whiteningKernel(images, { epsilon: -1 })).toThrow(
      "wants epsilon to be a finite number from 0 up, got -1.",
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});
