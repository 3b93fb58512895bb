import { describe, expect, it } from "vitest";
import { normalizeLayer } from "../../../lib/src/kernels";
import { tf } from "../../../lib/src/tensorflow";
import { expectAsTensorFlow, inputsOf, opsOf } from "./against-tensorflow";

describe("normalizeLayer", () => {
  it("equals TensorFlow's in value, gradient and second gradient", () => {
    const f = (x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor) => tf.tidy(() => normalizeLayer(x, scale, offset));
    expectAsTensorFlow("layerNorm", f, { atol: 1e-4, rtol: 1e-4 });
  });
});

describe("the layer normalisation layer", () => {
  const layerOn = (x: tf.Tensor, options: object = {}) => {
    const layer = tf.layers.layerNormalization(options);
    layer.build(x.shape);
    return layer;
  };

  it("has rows of mean 0 and variance 1, with or without scale and offset", () => {
    const [x] = inputsOf("layerNorm"); // [4, 6]
    for (const options of [{}, { scale: false }, { center: false }]) {
      const { mean, variance } = tf.moments(layerOn(x, options).apply(x) as tf.Tensor, -1);
      expect(mean.dataSync()).toBeAllclose([0, 0, 0, 0], { atol: 1e-6 });
      expect(variance.dataSync()).toBeAllclose([1, 1, 1, 1], { atol: 0.01 }); // epsilon takes a little
    }
  });

  it("trains in some tens of ops", () => {
    const [x] = inputsOf("layerNorm");
    const layer = layerOn(x);
    const loss = () => tf.sum(tf.square(layer.apply(x) as tf.Tensor)) as tf.Scalar;
    expect(opsOf(() => Object.values(tf.variableGrads(loss).grads)).length).toBeLessThan(40);
  });

  it("normalises other axes as before", () => {
    const [x] = inputsOf("layerNorm");
    const other = layerOn(tf.transpose(x), { axis: 0 }).apply(tf.transpose(x)) as tf.Tensor;
    expect(tf.transpose(other).dataSync()).toBeAllclose((layerOn(x).apply(x) as tf.Tensor).dataSync(), { atol: 1e-5 });
  });

  it("leaks nothing", () => {
    const [x] = inputsOf("layerNorm");
    const layer = layerOn(x);
    const before = tf.memory().numTensors;
    tf.dispose(layer.apply(x) as tf.Tensor);
    expect(tf.memory().numTensors).toBe(before);
  });
});
