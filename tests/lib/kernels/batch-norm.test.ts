import { describe, expect, it } from "vitest";
import { normalizeBatch } from "../../../lib/src/kernels";
import { tf } from "../../../lib/src/tensorflow";
import { CaseName, expectAsTensorFlow, inputsOf, opsOf } from "./against-tensorflow";

const close = { atol: 1e-4, rtol: 1e-4 };

describe("normalizeBatch", () => {
  it("equals TensorFlow's in value, gradient and second gradient", () => {
    const f = (x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor) => tf.tidy(() => normalizeBatch(x, scale, offset).y);
    expectAsTensorFlow("batchNorm", f, close);
    expectAsTensorFlow("batchNorm2d", f, close);
  });
});

describe("the batch normalisation layer", () => {
  const layerOn = (x: tf.Tensor, options: object = {}) => {
    const layer = tf.layers.batchNormalization({ momentum: 0.9, ...options });
    layer.build(x.shape);
    return layer;
  };

  const layerAsFormula = (x: tf.Tensor, [offset, mean, variance]: tf.Tensor[]) =>
    tf.add(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-3))), offset);

  const flat: CaseName = "batchNorm2d"; // [8, 3]
  const images: CaseName = "batchNorm"; // [4, 3, 3, 2]
  it.each([flat, images])("normalises by the batch and moves its averages towards it: %s", (name) => {
    const [x] = inputsOf(name);
    const layer = layerOn(x);
    const y = layer.apply(x, { training: true }) as tf.Tensor;
    const { mean, variance } = tf.moments(x, x.rank === 2 ? 0 : [0, 1, 2]);
    const byHand = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-3)));
    expect(y.dataSync()).toBeAllclose(byHand.dataSync(), { atol: 1e-5 });
    const [, , movingMean, movingVariance] = layer.getWeights();
    expect(movingMean.dataSync()).toBeAllclose(tf.mul(mean, 0.1).dataSync());
    expect(movingVariance.dataSync()).toBeAllclose(tf.add(0.9, tf.mul(variance, 0.1)).dataSync());
  });

  it("trains in two fused ops", () => {
    const [x] = inputsOf("batchNorm");
    const layer = layerOn(x);
    const loss = () => tf.sum(tf.square(layer.apply(x, { training: true }) as tf.Tensor)) as tf.Scalar;
    const ops = opsOf(() => Object.values(tf.variableGrads(loss).grads));
    expect(ops.filter((name) => name.startsWith("FusedBatchNorm"))).toEqual([
      "FusedBatchNormV3",
      "FusedBatchNormGradV3",
    ]);
  });

  it("works without scale and offset, which TensorFlow.js could not train", () => {
    const [x] = inputsOf("batchNorm");
    const layer = layerOn(x, { scale: false, center: false });
    const y = layer.apply(x, { training: true }) as tf.Tensor;
    expect(tf.moments(y, [0, 1, 2]).mean.dataSync()).toBeAllclose([0, 0], { atol: 1e-6 });
  });

  it("trains without scale and offset over another axis too, where the steps are TensorFlow.js's", () => {
    const [x] = inputsOf("batchNorm2d");
    const options = { scale: false, center: false };
    const last = layerOn(x, options).apply(x, { training: true }) as tf.Tensor;
    const turned = layerOn(tf.transpose(x), { ...options, axis: 0 });
    const other = turned.apply(tf.transpose(x), { training: true }) as tf.Tensor;
    expect(tf.transpose(other).dataSync()).toBeAllclose(last.dataSync(), { atol: 1e-5 });
  });

  it("is differentiable in use without scale, where TensorFlow.js fails: its gradient is 1 / √(variance + ε)", () => {
    const [x] = inputsOf("batchNorm");
    const layer = layerOn(x, { scale: false });
    const weights = [
      [1, 2],
      [3, 4],
      [0.5, 9],
    ].map((values) => tf.tensor1d(values)); // offset, mean, variance
    layer.setWeights(weights);
    const y = layer.apply(x) as tf.Tensor;
    expect(y.dataSync()).toBeAllclose(layerAsFormula(x, weights).dataSync(), { atol: 1e-5 });
    const gradient = tf.grad((x: tf.Tensor) => tf.sum(layer.apply(x) as tf.Tensor))(x);
    const wanted = tf.mul(tf.onesLike(x), [1 / Math.sqrt(0.501), 1 / Math.sqrt(9.001)]);
    expect(gradient.dataSync()).toBeAllclose(wanted.dataSync(), { atol: 1e-6 });
  });

  it("infers as before, and normalises another axis as before", () => {
    const [x] = inputsOf("batchNorm2d");
    expect((layerOn(x).apply(x) as tf.Tensor).dataSync()).toBeAllclose(tf.div(x, Math.sqrt(1.001)).dataSync());
    const other = layerOn(tf.transpose(x), { axis: 0 }).apply(tf.transpose(x), { training: true }) as tf.Tensor;
    const same = layerOn(x).apply(x, { training: true }) as tf.Tensor;
    expect(tf.transpose(other).dataSync()).toBeAllclose(same.dataSync(), { atol: 1e-5 });
  });

  it("leaks nothing", () => {
    const [x] = inputsOf("batchNorm");
    const layer = layerOn(x);
    const before = tf.memory().numTensors;
    for (let i = 0; i < 3; i++) tf.dispose(layer.apply(x, { training: true }) as tf.Tensor);
    expect(tf.memory().numTensors).toBe(before);
  });
});
