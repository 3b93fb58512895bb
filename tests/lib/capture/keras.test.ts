import { afterEach, describe, expect, it } from "vitest";
import { compile } from "../../../lib/src/capture";
import { tf } from "../../../lib/src/tensorflow";
import truth from "../../fixtures/capture/keras_steps.json";

/** The values of the fixture's script: `scale · sin(frequency · (i + 1))`. */
const wave = (shape: number[], frequency: number, scale: number): tf.Tensor => {
  const size = shape.reduce((a, b) => a * b);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => scale * Math.sin(frequency * (i + 1))),
    shape,
  );
};

function train(model: tf.LayersModel, optimizer: tf.Optimizer, shape: number[], classes: number): number[] {
  const weights = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  weights
    .filter(({ shape }) => shape.length > 1)
    .forEach((weight, i) => tf.tidy(() => weight.assign(wave(weight.shape, 0.7 + 0.1 * i, 0.3))));
  const y = tf
    .oneHot(
      tf.tensor1d(
        Array.from({ length: shape[0] }, (_, i) => i % classes),
        "int32",
      ),
      classes,
    )
    .toFloat();
  const step = compile((x: tf.Tensor) =>
    optimizer.minimize(
      () => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true }) as tf.Tensor) as tf.Scalar,
      true,
      weights,
    )!,
  );
  const losses = Array.from({ length: 20 }, (_, i) =>
    tf.tidy(() => step(wave(shape, 1.1 + 0.3 * (i % 3), 1)).dataSync()[0]),
  );
  expect(step.stats().recordings).toBe(1);
  step.dispose();
  return losses;
}

afterEach(() => tf.engine().disposeVariables());

describe("compiled training steps give Keras' losses", () => {
  it("for dense layers with Adam", () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [6], units: 16, activation: "relu" }),
        tf.layers.dense({ units: 16, activation: "tanh" }),
        tf.layers.dense({ units: 5 }),
      ],
    });
    const losses = train(model, tf.train.adam(0.01, 0.9, 0.999, 1e-12), [8, 6], 5);
    // Sums in another order, over 20 steps.
    expect(losses).toBeAllclose(truth["dense, Adam"], { rtol: 1e-4 });
  });

  it("for convolutions with batch norm, pooling and Nesterov momentum, and its moving averages", () => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({ inputShape: [8, 8, 2], filters: 4, kernelSize: 3, padding: "same", useBias: false }),
        tf.layers.batchNormalization({ momentum: 0.9, epsilon: 0.001 }),
        tf.layers.reLU(),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.conv2d({ filters: 6, kernelSize: 3, activation: "relu" }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 5 }),
      ],
    });
    const losses = train(model, tf.train.momentum(0.02, 0.9, true), [8, 8, 8, 2], 5);
    expect(losses).toBeAllclose(truth["convolutional, Nesterov"], { rtol: 1e-3 });
    const averages = model.layers[1]
      .getWeights()
      .slice(2)
      .map((weight) => Array.from(weight.dataSync()));
    averages.forEach((average, i) =>
      expect(average).toBeAllclose(truth["moving averages"][i], { rtol: 1e-3, atol: 1e-4 }),
    );
  });
});
