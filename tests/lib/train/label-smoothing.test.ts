import { describe, expect, it } from "vitest";
import { compile } from "../../../lib/src/capture";
import { oneHot } from "../../../lib/src/data/one-hot";
import { tf } from "../../../lib/src/tensorflow";
import { labelSmoothing } from "../../../lib/src/train/label-smoothing";
import truth from "../../fixtures/train/label_smoothing.json";

const logits = tf.tensor2d(truth.logits);
const labels = tf.tensor1d(truth.labels, "int32");
const rows = oneHot(labels, 5);

describe("labelSmoothing", () => {
  it.each(truth.cases)("has PyTorch's loss and gradient for a share of $share", ({ share, loss, gradient }) => {
    for (const form of [labels, rows]) {
      const { value, grad } = tf.valueAndGrad((z: tf.Tensor) => labelSmoothing(share)(form, z))(logits);
      expect(value.dataSync()).toBeAllclose([loss], { rtol: 1e-5 });
      expect(grad.dataSync()).toBeAllclose(gradient.flat(), { atol: 1e-6, rtol: 1e-5 });
    }
  });

  it("is stable for logits that exp() cannot hold", () => {
    const large = tf.tensor2d([[1000, 0, -1000]]);
    // -log softmax is 0, 1000, 2000: 0.9 · 0 + 0.1 · 3000 / 3
    expect(labelSmoothing(0.1)(tf.tensor1d([0], "int32"), large).dataSync()).toBeAllclose([100], { rtol: 1e-6 });
  });

  it("leaves nothing behind but its result, and runs in a compiled step", () => {
    const before = tf.memory().numTensors;
    const step = compile((y: tf.Tensor1D, z: tf.Tensor2D) => labelSmoothing(0.1)(y, z));
    for (let call = 0; call < 3; call++) {
      const loss = step(labels, logits);
      expect(loss.dataSync()).toBeAllclose([truth.cases[1].loss], { rtol: 1e-5 });
      loss.dispose();
    }
    expect(step.stats().recordings).toBe(1);
    step.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("refuses shares that are none", () => {
    expect(() => labelSmoothing(-0.1)).toThrow(
      "labelSmoothing() wants share to be a finite number from 0 to 1, got -0.1.",
    );
    expect(() => labelSmoothing(NaN)).toThrow("got NaN");
  });
});
