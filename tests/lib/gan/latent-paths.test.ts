import { describe, expect, it } from "vitest";
import { interpolate, truncatedLatents } from "../../../lib/src/gan";
import { tf } from "../../../lib/src/tensorflow";

describe("interpolate", () => {
  it("keeps the length on the sphere, and turns by equal angles", () => {
    tf.tidy(() => {
      const path = interpolate(tf.tensor1d([2, 0]), tf.tensor1d([0, 2]), { steps: 4 });
      // 0, 30, 60 and 90 degrees of a circle with radius 2.
      const wanted = [0, 30, 60, 90].flatMap((degrees) => {
        const angle = (degrees * Math.PI) / 180;
        return [2 * Math.cos(angle), 2 * Math.sin(angle)];
      });
      expect(path.dataSync()).toBeAllclose(wanted);
    });
  });

  it("has the published formula for vectors of different lengths, where angles are not equal", () => {
    tf.tidy(() => {
      const path = interpolate(tf.tensor1d([1, 0]), tf.tensor1d([0, 2]), { steps: 3 });
      // sin 45° / sin 90° of each.
      expect(path.dataSync().subarray(2, 4)).toBeAllclose([Math.SQRT1_2, 2 * Math.SQRT1_2]);
    });
  });

  it("goes straight on the line", () => {
    tf.tidy(() => {
      const path = interpolate(tf.tensor1d([2, 0]), tf.tensor1d([0, 4]), { steps: 3, along: "line" });
      expect(path.arraySync()).toEqual([
        [2, 0],
        [1, 2],
        [0, 4],
      ]);
    });
  });

  it("has finite points for vectors that are alike, opposite, or zero", () => {
    tf.tidy(() => {
      const a = tf.tensor1d([1, 2]);
      for (const b of [a, tf.neg(a), tf.zerosLike(a)] as tf.Tensor1D[]) {
        const path = interpolate(a, b, { steps: 3 });
        const middle = tf.div(tf.add(a, b), 2).dataSync();
        expect(path.dataSync().subarray(2, 4)).toBeAllclose(middle);
      }
    });
  });

  it("refuses vectors of different sizes, and leaves nothing behind but its result", () => {
    const [a, b] = [tf.ones([3]) as tf.Tensor1D, tf.ones([4]) as tf.Tensor1D];
    const before = tf.memory().numTensors;
    expect(() => interpolate(a, b)).toThrow("interpolate() wants to to be a tensor of shape [3]");
    interpolate(a, a).dispose();
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([a, b]);
  });
});

describe("truncatedLatents", () => {
  it("has no number beyond the threshold, and is the normal distribution within", () => {
    tf.tidy(() => {
      const values = Array.from(truncatedLatents(2000, 5, { threshold: 1, seed: 3 }).dataSync());
      expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(1);
      // The variance of a normal distribution cut at ±1 is 1 - 2 φ(1) / (Φ(1) - Φ(-1)) = 0.2911.
      const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
      expect(variance).toBeAllclose(0.2911, { rtol: 0.05 });
    });
  });

  it("is the same for a seed, and refuses thresholds that cut nearly all", () => {
    tf.tidy(() => {
      const draw = (seed: number) => truncatedLatents(3, 2, { seed }).dataSync();
      expect(draw(1)).toEqual(draw(1));
      expect(draw(1)).not.toEqual(draw(2));
      expect(() => truncatedLatents(1, 1, { treshold: 0.5 } as object)).toThrow("did you mean threshold?");
      expect(() => truncatedLatents(1, 1, { threshold: 0.01 })).toThrow("threshold to be a finite number from 0.1 up");
    });
  });
});
