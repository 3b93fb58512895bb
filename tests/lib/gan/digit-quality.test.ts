import { describe, expect, it } from "vitest";
import { mnist } from "../../../lib/src/data";
import { digitQuality, readDigits, sampleQuality } from "../../../lib/src/gan";
import { digitClassifier } from "../../../lib/src/models";
import { tf } from "../../../lib/src/tensorflow";

describe("digitQuality", () => {
  it("finds real digits as good as the floor, and noise far from it", async () => {
    const { test, dispose } = await mnist({ source: "embedded" });
    const classifier = digitClassifier();
    const digits = (start: number, count: number) => tf.slice(test.x, start, count) as tf.Tensor4D;
    const options = { size: 200, repeats: 2, seed: 1 };
    tf.tidy(() => {
      const reference = readDigits(classifier, digits(0, 600)).features;
      const own = digits(600, 500);
      const real = digitQuality(classifier, own, reference, options);
      const rows = sampleQuality(reference, readDigits(classifier, own).features, options);
      const names = { frechet: "frechetDistance", precision: "precision", recall: "recall", coverage: "coverage" };
      for (const [key, measure] of Object.entries(names)) {
        expect(real[key]).toBe(rows.find((row) => row.measure === measure)!.value);
      }
      expect(real.frechetFloor).toBe(rows[0].floor);
      expect(real.confident).toBeGreaterThan(0.95);
      expect(real.rarest).toBeGreaterThan(0.06);
      expect(real.commonest).toBeLessThan(0.15);

      const noise = tf.randomUniform([500, 28, 28, 1], 0, 1, "float32", 1) as tf.Tensor4D;
      const bad = digitQuality(classifier, noise, reference, options);
      expect(bad.frechet).toBeGreaterThan(10 * real.frechet);
      expect(bad.coverage).toBeLessThan(0.1);
      expect(bad.rarest).toBe(0);
    });
    classifier.dispose();
    dispose();
  });

  it("leaves no tensor behind, also where it fails", () => {
    const classifier = digitClassifier();
    const images = tf.zeros([40, 28, 28, 1]) as tf.Tensor4D;
    const [reference, wrong] = [tf.randomNormal([80, 64]), tf.zeros([80, 3])] as tf.Tensor2D[];
    tf.dispose(readDigits(classifier, images).features);
    const before = tf.memory().numTensors;
    digitQuality(classifier, images, reference, { size: 20, repeats: 1 });
    expect(() => digitQuality(classifier, images, wrong, { size: 20 })).toThrow(RangeError);
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([images, reference, wrong]);
    classifier.dispose();
  });
});
