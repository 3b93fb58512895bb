import { describe, expect, it } from "vitest";
import { setRandomSeed } from "../../../lib/src/kernels";
import { tf } from "../../../lib/src/tensorflow";
import { opsOf } from "./against-tensorflow";

const ones = () => tf.ones([50, 40]);

describe("dropout", () => {
  it("keeps a share of 1 - rate, scaled so that the sum stays", () => {
    setRandomSeed(1);
    const y = tf.dropout(ones(), 0.2);
    const values = [...y.dataSync()];
    expect(new Set(values)).toEqual(new Set([0, 1.25]));
    // 2000 draws: standard deviation of the kept share 0.009
    expect(values.filter((v) => v > 0).length / 2000).toBeAllclose(0.8, { atol: 0.036 });
  });

  it("lets the gradient through where it let the value through", () => {
    setRandomSeed(1);
    const x = ones();
    const y = tf.dropout(x, 0.5);
    setRandomSeed(1);
    const gradient = tf.grad((x) => tf.dropout(x, 0.5))(x);
    expect([...gradient.dataSync()]).toEqual([...y.dataSync()]);
  });

  it("drops along axes together where the noise shape says so", () => {
    const rows = tf.dropout(ones(), 0.5, [50, 1]);
    const spread = tf.sub(tf.max(rows, 1), tf.min(rows, 1));
    expect(tf.max(spread).dataSync()[0]).toBe(0);
  });

  it("has one mask for a seed, and follows setRandomSeed without", () => {
    const values = (seed?: number) => [...tf.dropout(ones(), 0.5, undefined, seed).dataSync()];
    expect(values(7)).toEqual(values(7));
    expect(values(7)).not.toEqual(values(8));
    setRandomSeed(5);
    const first = values();
    expect(values()).not.toEqual(first);
    setRandomSeed(5);
    expect(values()).toEqual(first);
  });

  it("runs in TensorFlow, with nothing drawn in JavaScript", () => {
    const x = ones();
    expect(opsOf(() => tf.dropout(x, 0.5))).toEqual([
      "StatelessRandomUniform",
      "GreaterEqual",
      "SelectV2",
      "AddV2",
      "Mul",
    ]);
    x.dispose();
  });

  it("refuses a rate of 1 and types but float32, as before", () => {
    expect(() => tf.dropout(ones(), 1)).toThrow("rate must be a float in the range [0, 1), but got 1.");
    expect(() => tf.dropout(tf.ones([2], "int32"), 0.5)).toThrow(/floating point tensor/);
  });

  it("leaks nothing", () => {
    const x = ones();
    const before = tf.memory().numTensors;
    tf.dropout(x, 0.5).dispose();
    expect(tf.memory().numTensors).toBe(before);
    x.dispose();
  });
});

describe("the dropout layer", () => {
  it("with a seed draws a new mask each time, and the same masks again after setRandomSeed", () => {
    const layer = tf.layers.dropout({ rate: 0.5, seed: 3 });
    const draw = () => [...(layer.apply(ones(), { training: true }) as tf.Tensor).dataSync()];
    setRandomSeed(1);
    const first = draw();
    expect(draw()).not.toEqual(first);
    setRandomSeed(2); // the layer's own seed counts
    expect(draw()).toEqual(first);
  });

  it("passes its input on outside training", () => {
    const layer = tf.layers.dropout({ rate: 0.5 });
    expect(tf.min(layer.apply(ones()) as tf.Tensor).dataSync()[0]).toBe(1);
  });
});
