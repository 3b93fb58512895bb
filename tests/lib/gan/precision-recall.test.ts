import { describe, expect, it } from "vitest";
import { precisionRecall } from "../../../lib/src/gan";
import { tf } from "../../../lib/src/tensorflow";
import truth from "../../fixtures/gan/metrics.json";

describe("precisionRecall", () => {
  it.each(truth.cases)("has the values of the published formula for clouds that are $name", (wanted) => {
    const [a, b] = [tf.tensor2d(wanted.real), tf.tensor2d(wanted.generated)];
    const before = tf.memory().numTensors;
    const { precision, recall } = precisionRecall(a, b);
    expect([precision, recall]).toBeAllclose([wanted.precision, wanted.recall]);
    const turned = precisionRecall(b, a);
    expect([turned.recall, turned.precision]).toBeAllclose([wanted.precision, wanted.recall]);
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([a, b]);
  });

  it("tells samples that are right but few kinds of them: precision without recall", () => {
    tf.tidy(() => {
      const line = tf.reshape(tf.range(0, 100), [100, 1]) as tf.Tensor2D;
      const narrow = tf.div(line, 50) as tf.Tensor2D; // 0 to 2
      const { precision, recall } = precisionRecall(line, narrow);
      expect(precision).toBe(1);
      expect(recall).toBeAllclose(0.03); // 0, 1 and 2
    });
  });

  it("goes through more rows than one block of the distance matrix", () => {
    tf.tidy(() => {
      const points = tf.randomNormal([1500, 3], 0, 1, "float32", 1) as tf.Tensor2D;
      expect(precisionRecall(points, points)).toEqual({ precision: 1, recall: 1 });
    });
  });

  it("refuses more neighbours than there are rows, and leaves nothing behind", () => {
    const few = tf.ones([3, 2]) as tf.Tensor2D;
    const before = tf.memory().numTensors;
    expect(() => precisionRecall(few, few)).toThrow("precisionRecall() wants k to be an integer from 1 to 2, got 3.");
    const one = tf.ones([1, 2]) as tf.Tensor2D;
    expect(() => precisionRecall(few, one)).toThrow("wants generated to be features of at least 2 images, got 1.");
    one.dispose();
    expect(tf.memory().numTensors).toBe(before);
    few.dispose();
  });
});
