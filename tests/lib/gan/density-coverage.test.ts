import { describe, expect, it } from "vitest";
import { densityCoverage } from "../../../lib/src/gan";
import { tf } from "../../../lib/src/tensorflow";
import truth from "../../fixtures/gan/metrics.json";

describe("densityCoverage", () => {
  it.each(truth.cases)("has the values of the published formula for clouds that are $name", (wanted) => {
    const [a, b] = [tf.tensor2d(wanted.real), tf.tensor2d(wanted.generated)];
    const before = tf.memory().numTensors;
    const { density, coverage } = densityCoverage(a, b);
    expect([density, coverage]).toBeAllclose([wanted.density, wanted.coverage]);
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([a, b]);
  });

  it("is not fooled by one outlier of the data, whose ball holds far samples", () => {
    tf.tidy(() => {
      const points = Array.from({ length: 50 }, (_, i) => [i / 50, 0]).concat([[1000, 0]]);
      const far = tf.tensor2d(Array.from({ length: 50 }, (_, i) => [500 + i, 1]));
      const { density, coverage } = densityCoverage(tf.tensor2d(points), far);
      expect(density).toBeAllclose(1 / 5); // in one ball of five
      expect(coverage).toBeAllclose(1 / 51);
    });
  });

  it("takes fewer samples than neighbours, since data alone have balls", () => {
    tf.tidy(() => {
      const real = tf.tensor2d([[0], [1], [2], [3]]);
      // Balls of radius 2, 1, 1 and 2: the sample lies in all four.
      const sample = tf.tensor2d([[1.5]]);
      expect(densityCoverage(real, sample, { k: 2 })).toEqual({ density: 4 / 2, coverage: 1 });
      const none = tf.zeros([0, 1]) as tf.Tensor2D;
      expect(() => densityCoverage(real, none)).toThrow("wants generated to be features of at least 1 image, got 0.");
    });
  });

  it("refuses features that are no finite numbers", () => {
    tf.tidy(() => {
      const real = tf.ones([9, 2]) as tf.Tensor2D;
      const broken = tf.fill([9, 2], Infinity) as tf.Tensor2D;
      expect(() => densityCoverage(real, broken)).toThrow("densityCoverage() wants generated to be finite numbers");
    });
  });
});
