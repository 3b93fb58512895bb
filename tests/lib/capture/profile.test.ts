import { describe, expect, it } from "vitest";
import { compile, profile } from "../../../lib/src/capture";
import { nativeBackend } from "../../../lib/src/capture/native";
import { tf } from "../../../lib/src/tensorflow";

describe("profile", () => {
  it("lists the ops of a run in order, with shapes and parts, and gives back what it returned", () => {
    tf.tidy(() => {
      const x = tf.tensor1d([1, 2, 3]);
      const { value, ops } = profile(() => tf.grad((x) => tf.sum(tf.exp(x)))(x));
      expect(Array.from(value.dataSync())).toEqual([1, 2, 3].map((v) => Math.fround(Math.exp(v))));
      expect(ops.slice(0, 2).map(({ op, shape, part }) => [op, shape, part])).toEqual([
        ["Exp", [3], "forward"],
        ["Sum", [], "forward"],
      ]);
      expect(ops.at(-1)).toMatchObject({ op: "Mul", shape: [3], part: "backward" });
    });
  });

  it("counts what JavaScript uploads: 4 bytes a number", () => {
    tf.tidy(() => {
      const here = tf.tensor1d([1, 2]);
      tf.neg(here); // is in TensorFlow from here on
      const { uploads, uploadedBytes } = profile(() => tf.mul(here, tf.tensor2d(new Float32Array(2000), [1000, 2])));
      expect([uploads, uploadedBytes]).toEqual([1, 8000]);
      expect(profile(() => tf.neg(here))).toMatchObject({ uploads: 0, uploadedBytes: 0 });
    });
  });

  it("measures times that fit into each other", () => {
    const { ops, milliseconds, bindingMilliseconds } = tf.tidy(() => profile(() => tf.matMul(tf.ones([90, 90]), tf.ones([90, 90])))); // prettier-ignore
    const sum = ops.reduce((total, op) => total + op.milliseconds, 0);
    expect(sum).toBeGreaterThan(0);
    expect(bindingMilliseconds).toBeGreaterThanOrEqual(sum);
    expect(milliseconds).toBeGreaterThanOrEqual(bindingMilliseconds);
  });

  it("sees a replay as the one call that it is", () => {
    const step = compile((x: tf.Tensor) => tf.exp(tf.neg(tf.square(x))));
    tf.tidy(() => {
      const x = tf.scalar(1);
      expect(profile(() => step(x)).ops.length).toBeGreaterThan(3); // records, and runs it more than once
      expect(profile(() => step(x)).ops).toEqual([]);
    });
    step.dispose();
  });

  it("puts the binding back, also when the function throws", () => {
    const { backend } = nativeBackend()!;
    const { binding } = backend;
    tf.tidy(() => profile(() => tf.neg(1)));
    expect(() =>
      profile(() => {
        throw new Error("mine");
      }),
    ).toThrow("mine");
    expect(backend.binding).toBe(binding);
  });

  it("refuses what is no function, what is async, and a backend that has no such ops", () => {
    expect(() => profile(3 as never)).toThrow(new TypeError("profile() wants a function, got number."));
    expect(() => profile(async () => tf.neg(1))).toThrow("done when it returns, got an async one");
    const { backend } = nativeBackend()!;
    const { binding } = backend;
    backend.binding = Object.create(binding, { nablab: { value: undefined } }) as typeof binding;
    try {
      expect(() => profile(() => tf.neg(1))).toThrow("here it is tensorflow without. Remedy: npm run setup.");
    } finally {
      backend.binding = binding;
    }
  });
});
