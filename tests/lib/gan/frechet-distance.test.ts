import { describe, expect, it } from "vitest";
import { frechetDistance } from "../../../lib/src/gan";
import { tf } from "../../../lib/src/tensorflow";
import truth from "../../fixtures/gan/metrics.json";

describe("frechetDistance", () => {
  it.each(truth.cases)("has SciPy's value for clouds that are $name", ({ real, generated, frechet }) => {
    const [a, b] = [tf.tensor2d(real), tf.tensor2d(generated)];
    const before = tf.memory().numTensors;
    expect(frechetDistance(a, b)).toBeAllclose(frechet, { rtol: 1e-5 });
    expect(frechetDistance(b, a)).toBeAllclose(frechet, { rtol: 1e-5 });
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([a, b]);
  });

  it("is 0 for the same points, and the squared way for points that moved", () => {
    const points = tf.tensor2d(truth.cases[0].real);
    const moved = points.add([3, 0, 0, -4]) as tf.Tensor2D;
    expect(frechetDistance(points, points)).toBeAllclose(0, { atol: 1e-9 });
    expect(frechetDistance(points, moved)).toBeAllclose(25, { rtol: 1e-5 });
    tf.dispose([points, moved]);
  });

  it("refuses one row, other widths and NaN", () => {
    tf.tidy(() => {
      const two = tf.ones([2, 3]) as tf.Tensor2D;
      expect(() => frechetDistance(two, tf.ones([1, 3]) as tf.Tensor2D)).toThrow(
        "frechetDistance() wants generated to be at least two rows, got 1.",
      );
      expect(() => frechetDistance(two, tf.ones([2, 4]) as tf.Tensor2D)).toThrow("a tensor of shape [any, 3]");
      expect(() => frechetDistance(two, tf.fill([2, 3], NaN) as tf.Tensor2D)).toThrow("got NaN at 0");
    });
  });
});
