import { describe, expect, it } from "vitest";
import { compile } from "../../../lib/src/capture";
import { gradientStep } from "../../../lib/src/rl/gradient-step";
import { tf } from "../../../lib/src/tensorflow";

describe("gradientStep", () => {
  it("descends along gradients of at most the length asked for, and reports the length before", () => {
    const w = tf.variable(tf.tensor1d([3, 4]));
    const rule = tf.train.sgd(1);
    const before = tf.memory().numTensors;
    // The gradient of ½ |w|² is w itself, of length 5: clipped to 1, it is [0.6, 0.8].
    const parts = () =>
      tf.tidy(() => ({ loss: w.square().sum().mul(0.5) as tf.Scalar, twice: w.sum().mul(2) as tf.Scalar }));
    const measures = gradientStep([w], rule, 1, parts);
    expect(measures.dataSync()).toBeAllclose([12.5, 14, 5]);
    expect(w.dataSync()).toBeAllclose([2.4, 3.2]);
    measures.dispose();
    expect(tf.memory().numTensors).toBe(before);
    gradientStep([w], rule, Infinity, parts).dispose();
    expect(w.dataSync()).toBeAllclose([0, 0]);
    tf.dispose([w]);
    rule.dispose();
  });

  it("does the same in a compiled step", () => {
    const w = tf.variable(tf.tensor1d([3, 4]));
    const rule = tf.train.sgd(1);
    const step = compile(() =>
      gradientStep([w], rule, 1, () => tf.tidy(() => ({ loss: w.square().sum().mul(0.5) as tf.Scalar }))),
    );
    for (let length = 5; length > 1; length--) {
      const measures = step();
      expect(measures.dataSync()).toBeAllclose([length ** 2 / 2, length], { rtol: 1e-4 });
      measures.dispose();
    }
    step.dispose();
    w.dispose();
    rule.dispose();
  });

  it("leaves nothing behind where the loss throws", () => {
    const w = tf.variable(tf.tensor1d([1]));
    const rule = tf.train.sgd(1);
    const before = tf.memory().numTensors;
    expect(() =>
      gradientStep([w], rule, 1, () => {
        throw new Error("no loss");
      }),
    ).toThrow("no loss");
    expect(tf.memory().numTensors).toBe(before);
    w.dispose();
    rule.dispose();
  });
});
