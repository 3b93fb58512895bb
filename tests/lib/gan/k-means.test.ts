import { describe, expect, it } from "vitest";
import { kMeans } from "../../../lib/src/gan";
import { tf } from "../../../lib/src/tensorflow";
import truth from "../../fixtures/gan/k-means.json";

/** Four heaps of 25 points around the corners of a square. */
const heaps = () => {
  const corners = tf.tensor2d([0, 0, 0, 10, 10, 0, 10, 10], [4, 2]);
  return tf.add(tf.tile(corners, [25, 1]), tf.randomUniform([100, 2], -1, 1, "float32", 5)) as tf.Tensor2D;
};

describe("kMeans", () => {
  it.each(truth.cases)(
    "finds scikit-learn's clusters from the same centres: $name",
    ({ x, start, rounds, ...expected }) => {
      const [points, first] = [tf.tensor2d(x), tf.tensor2d(start)];
      const before = tf.memory().numTensors;
      const found = kMeans(points, start.length, { start: first, maxIterations: rounds });
      expect(Array.from(found.labels)).toEqual(expected.labels);
      expect(found.centres.dataSync()).toBeAllclose(expected.centres.flat(), { rtol: 1e-5, atol: 1e-5 });
      expect(found.inertia).toBeAllclose(expected.inertia, { rtol: 1e-5 });
      expect(found.iterations).toBeLessThanOrEqual(rounds);
      found.centres.dispose();
      expect(tf.memory().numTensors).toBe(before);
      tf.dispose([points, first]);
    },
  );

  it("draws centres far from each other, so that each heap gets one; the same seed draws the same", () => {
    const points = heaps();
    for (let seed = 0; seed < 20; seed++) {
      const [one, two] = [kMeans(points, 4, { seed }), kMeans(points, 4, { seed })];
      expect(new Set(one.labels.subarray(0, 4)).size).toBe(4);
      one.labels.forEach((label, i) => expect(label).toBe(one.labels[i % 4]));
      expect(one.labels).toEqual(two.labels);
      tf.dispose([one.centres, two.centres]);
    }
    points.dispose();
  });

  it("takes images as they are, and leaves a centre that has lost its points where it is", () => {
    tf.tidy(() => {
      const x = tf.tensor([0, 0, 0, 0, 1, 1, 1, 1], [2, 2, 2, 1]);
      const found = kMeans(x, 2, { start: tf.tensor([0, 0, 0, 0, 9, 9, 9, 9], [2, 2, 2, 1]) });
      expect(Array.from(found.labels)).toEqual([0, 0]);
      expect(found.centres.shape).toEqual([2, 2, 2, 1]);
      expect(Array.from(found.centres.dataSync())).toEqual([0.5, 0.5, 0.5, 0.5, 9, 9, 9, 9]);
      expect(found.inertia).toBeCloseTo(8 * 0.25);
      expect(found.iterations).toBe(1);
    });
  });

  it("takes whole numbers, such as bytes", () => {
    tf.tidy(() => {
      const found = kMeans(tf.tensor2d([[0], [1], [10], [12]], [4, 1], "int32"), 2);
      expect(Array.from(found.centres.dataSync()).sort((a, b) => a - b)).toEqual([0.5, 11]);
      expect(found.inertia).toBeCloseTo(2 * 0.25 + 2);
    });
  });

  it("refuses more clusters than distinct points, and numbers that are none", () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      expect(() => kMeans(tf.ones([5, 2]), 2)).toThrow("kMeans() wants x to be at least 2 distinct points");
      expect(() => kMeans(tf.ones([5, 2]), 6)).toThrow("k");
      expect(() => kMeans(tf.tensor2d([[1], [NaN]]), 1)).toThrow("kMeans()");
      expect(() => kMeans(tf.ones([5, 2]), 2, { start: tf.ones([2, 3]) })).toThrow("start");
      expect(() => kMeans(tf.ones([5, 2]), 2, { seeds: 3 } as object)).toThrow("seeds");
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});
