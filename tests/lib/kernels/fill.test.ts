import { describe, expect, it } from "vitest";
import { tf } from "../../../lib/src/tensorflow";
import { opsOf } from "./against-tensorflow";

describe("ones and zeros", () => {
  it("are made by TensorFlow where they are large", () => {
    expect(opsOf(() => tf.ones([256, 256]))).toEqual(["Fill"]);
    expect(opsOf(() => tf.zeros([256, 256], "int32"))).toEqual(["Fill"]);
    expect(opsOf(() => tf.ones([2]))).toEqual([]);
  });

  it("hold their value, shape and type", () => {
    for (const shape of [[], [0], [3], [400, 100]]) {
      for (const dtype of ["float32", "int32", "bool"] as const) {
        tf.tidy(() => {
          for (const [x, value] of [
            [tf.ones(shape, dtype), 1],
            [tf.zeros(shape, dtype), 0],
          ] as const) {
            expect([x.shape, x.dtype]).toEqual([shape, dtype]);
            expect(x.dataSync().every((v) => Number(v) === value)).toBe(true);
          }
        });
      }
    }
  });

  it("refuse negative sizes, as before", () => {
    expect(() => tf.ones([-1, 4000])).toThrow(/positive integers/);
  });
});
