import { describe, expect, it } from "vitest";
import { nearestNeighbours } from "../../../lib/src/gan";
import { tf } from "../../../lib/src/tensorflow";
import truth from "../../fixtures/gan/metrics.json";

describe("nearestNeighbours", () => {
  it.each(truth.cases)(
    "finds SciPy's neighbours in clouds that are $name",
    ({ real, generated, nearest, distance }) => {
      const [a, b] = [tf.tensor2d(real), tf.tensor2d(generated)];
      const before = tf.memory().numTensors;
      const found = nearestNeighbours(b, a);
      expect(Array.from(found.places)).toEqual(nearest);
      expect(found.distances).toBeAllclose(distance, { atol: 1e-4, rtol: 1e-4 });
      expect(tf.memory().numTensors).toBe(before);
      tf.dispose([a, b]);
    },
  );

  it("tells copies of training images from others", () => {
    tf.tidy(() => {
      const images = tf.randomUniform([20, 4, 4, 1], 0, 1, "float32", 3);
      const copied = tf.concat([tf.slice(images, 7, 1), tf.slice(images, 3, 1)]);
      const { places, distances } = nearestNeighbours(copied, images);
      expect(Array.from(places)).toEqual([7, 3]);
      expect(distances).toBeAllclose([0, 0], { atol: 2e-3 });
    });
  });

  it("refuses samples of another shape, and numbers that are none on either side", () => {
    tf.tidy(() => {
      const [good, broken] = [
        tf.ones([3, 2]),
        tf.tensor2d([
          [1, 2],
          [NaN, 0],
          [3, 4],
        ]),
      ];
      expect(() => nearestNeighbours(broken, good)).toThrow("samples to be finite numbers, got NaN at 2");
      expect(() => nearestNeighbours(good, broken)).toThrow("data to be finite numbers, got NaN at 2");
      expect(() => nearestNeighbours(good, [[1, 2]] as never)).toThrow("nearestNeighbours() wants data to be a tensor");
      expect(() => nearestNeighbours(tf.ones([2, 3]), tf.ones([5, 4]))).toThrow(
        "nearestNeighbours() wants samples to be a tensor of shape [any, 4]",
      );
    });
  });
});
