import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { setRandomSeed } from "../../../lib/src/kernels";
import { tf } from "../../../lib/src/tensorflow";
import fixture from "../../fixtures/kernels/stateless.json";
import { opsOf } from "./against-tensorflow";

describe("random tensors", () => {
  it("equal those that TensorFlow draws in Python with the same seed", () => {
    setRandomSeed(fixture.seed);
    const shape = [2, 5];
    const draws = [
      tf.randomUniform(shape),
      tf.randomUniform(shape, -2, 3),
      tf.randomUniformInt(shape, -3, 9),
      tf.randomNormal(shape, 1, 2),
      tf.truncatedNormal(shape),
      tf.multinomial(tf.log([[0.2, 0.3, 0.5]]) as tf.Tensor2D, 10),
    ];
    draws.forEach((x, i) => expect(x.dataSync()).toBeAllclose(fixture.draws[i]));
  });

  it("follow the seed, draw anew each time, and start anew when it is set again", () => {
    const draw = () => [...tf.randomNormal([3]).dataSync()];
    setRandomSeed(1);
    const first = [draw(), draw()];
    expect(first[0]).not.toEqual(first[1]);
    setRandomSeed(1);
    expect([draw(), draw()]).toEqual(first);
    setRandomSeed(2);
    expect(draw()).not.toEqual(first[0]);
  });

  it("are the same every time with a seed of their own, whatever it is", () => {
    for (const seed of [0, 3, -5, 0.25, 2 ** 40, "text"]) {
      const draw = () => [...tf.randomUniform([4], 0, 1, "float32", seed).dataSync()];
      expect(draw()).toEqual(draw());
    }
    const draw = (seed: number) => [...tf.randomNormal([4], 0, 1, "float32", seed).dataSync()];
    expect(draw(3)).not.toEqual(draw(4));
    const pick = () => [...tf.multinomial([0, 0, 0] as never, 20, 5).dataSync()];
    expect(pick()).toEqual(pick());
  });

  it("stay within their bounds, with the shape and type that was asked for", () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 4 });
    const property = fc.property(
      sizes,
      fc.integer({ min: -50, max: 50 }),
      fc.integer({ min: 1, max: 20 }),
      (shape, low, span) => {
        tf.tidy(() => {
          for (const dtype of ["float32", "int32"] as const) {
            const x = tf.randomUniform(shape, low, low + span, dtype);
            expect([x.shape, x.dtype]).toEqual([shape, dtype]);
            expect(x.dataSync().every((v) => v >= low && (dtype === "int32" ? v < low + span : v <= low + span))).toBe(
              true,
            );
          }
        });
      },
    );
    fc.assert(property, { numRuns: 40, seed: 4 });
  });

  it("have the mean and spread that was asked for", () => {
    setRandomSeed(3);
    const moments = (x: tf.Tensor) => {
      const { mean, variance } = tf.moments(x);
      return [mean.dataSync()[0], Math.sqrt(variance.dataSync()[0])];
    };
    const n = 40_000; // four standard errors of the mean: 0.02 σ
    expect(moments(tf.randomNormal([n], 5, 2))).toBeAllclose([5, 2], { atol: 0.04 });
    expect(moments(tf.randomUniform([n]))).toBeAllclose([0.5, Math.sqrt(1 / 12)], { atol: 0.006 });
    expect(moments(tf.truncatedNormal([n]))).toBeAllclose([0, 0.8796], { atol: 0.02 }); // cut off at two sigma
    expect(Math.max(...tf.abs(tf.truncatedNormal([n])).dataSync())).toBeLessThan(2);
  });

  it("are drawn by TensorFlow, for layers too", () => {
    expect(opsOf(() => tf.randomNormal([100]))).toContain("StatelessRandomNormal");
    const noise = tf.layers.gaussianNoise({ stddev: 1 });
    expect(opsOf(() => noise.apply(tf.zeros([2, 2]), { training: true }) as tf.Tensor)).toContain(
      "StatelessRandomNormal",
    );
  });

  it("draw classes from probabilities as well as from logits", () => {
    const draws = tf.multinomial(tf.tensor1d([0, 1, 0]), 8, undefined, true);
    expect([...draws.dataSync()]).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  });

  it("leak nothing", () => {
    tf.randomUniform([2]).dispose();
    const before = tf.memory().numTensors;
    for (const x of [tf.randomUniform([2]), tf.randomNormal([2], 1, 2, "int32"), tf.randomUniformInt([2], 0, 3)])
      x.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("go on after tf.disposeVariables()", () => {
    tf.disposeVariables();
    expect(tf.randomUniform([2]).shape).toEqual([2]);
  });

  it("refuse what they refused before", () => {
    expect(() => tf.randomUniform([-1])).toThrow(/positive integers/);
    expect(() => tf.randomNormal([2], 0, 1, "bool" as never)).toThrow("Unsupported data type bool");
  });
});

describe("setRandomSeed", () => {
  it("says which seeds there are", () => {
    expect(() => setRandomSeed(-1)).toThrow(
      "setRandomSeed() wants seed to be an integer from 0 to 2147483647, got -1.",
    );
    expect(() => setRandomSeed(0.5)).toThrow(RangeError);
  });
});
