import { describe, expect, it } from "vitest";
import { readPictures } from "../../../lib/src/gan";
import { tf } from "../../../lib/src/tensorflow";
import { predict } from "../../../lib/src/train";
import { cifar10Network } from "../../../lib/src/vision";

describe("readPictures", () => {
  it("says what the network says, with features from which its last layers make the same scores", () => {
    const network = cifar10Network();
    const images = tf.randomUniform([5, 32, 32, 3], 0, 1, "float32", 1) as tf.Tensor4D;
    const before = tf.memory().numTensors;
    const { features, labels, confidence } = readPictures(network, images, { batchSize: 2 });
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(features.shape).toEqual([5, 256]);
    tf.tidy(() => {
      const logits = predict(network, images) as tf.Tensor2D;
      // The dense layer's kernel is the one of shape [256, 10]; its scores are divided by the width.
      const kernel = network.weights.map((weight) => weight.read()).find(({ shape }) => String(shape) === "256,10")!;
      expect(tf.div(tf.matMul(features, kernel as tf.Tensor2D), 256).dataSync()).toBeAllclose(logits.dataSync(), {
        atol: 1e-4,
      });
      expect(labels).toEqual(tf.argMax(logits, 1).dataSync());
      expect(confidence).toBeAllclose(tf.max(tf.softmax(logits), 1).dataSync(), { atol: 1e-5 });
    });
    tf.dispose([features, images]);
    network.dispose();
  });

  it("refuses images of another size, and other networks", () => {
    const other = tf.sequential({ layers: [tf.layers.globalAveragePooling2d({ inputShape: [32, 32, 3] })] });
    tf.tidy(() => {
      expect(() => readPictures(other, tf.zeros([1, 28, 28, 1]))).toThrow("a tensor of shape [any, 32, 32, 3]");
      expect(() => readPictures(other, tf.zeros([1, 32, 32, 3]))).toThrow("Remedy: vision.cifar10Network().");
    });
    other.dispose();
  });
});
