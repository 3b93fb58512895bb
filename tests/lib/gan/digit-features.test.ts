import { describe, expect, it } from "vitest";
import { mnist } from "../../../lib/src/data";
import { readDigits } from "../../../lib/src/gan";
import { digitClassifier } from "../../../lib/src/models";
import { tf } from "../../../lib/src/tensorflow";
import { predict } from "../../../lib/src/train";

describe("readDigits", () => {
  it("says what the classifier says, with features from which its last layer makes the same scores", async () => {
    const classifier = digitClassifier();
    const { test, dispose } = await mnist({ source: "embedded", limit: 1 });
    const images = test.x.slice(0, 70);
    const before = tf.memory().numTensors;
    const { features, labels, confidence } = readDigits(classifier, images, { batchSize: 32 });
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(features.shape).toEqual([70, 64]);
    tf.tidy(() => {
      const logits = predict(classifier, images) as tf.Tensor2D;
      const [kernel, bias] = classifier.weights.slice(-2).map((weight) => weight.read());
      expect(tf.add(tf.matMul(features, kernel as tf.Tensor2D), bias).dataSync()).toBeAllclose(logits.dataSync(), {
        atol: 1e-4,
      });
      expect(labels).toEqual(tf.argMax(logits, 1).dataSync());
      expect(confidence).toBeAllclose(tf.max(tf.softmax(logits), 1).dataSync(), { atol: 1e-5 });
    });
    features.dispose();
    images.dispose();
    dispose();
    classifier.dispose();
  });

  it("refuses images of another size, and other classifiers", () => {
    const other = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [28, 28, 1] })] });
    tf.tidy(() => {
      expect(() => readDigits(other, tf.zeros([1, 32, 32, 3]))).toThrow("a tensor of shape [any, 28, 28, 1]");
      expect(() => readDigits(other, tf.zeros([1, 28, 28, 1]))).toThrow("Remedy: models.digitClassifier().");
    });
  });
});
