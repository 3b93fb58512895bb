import { describe, expect, it, vi } from "vitest";
import type { tf } from "../../../lib/src/tensorflow";
import { opsOf } from "./against-tensorflow";

describe("registerKernels", () => {
  it("does no harm when a rebuilt library is evaluated in the same process", async () => {
    const first = await import("../../../lib/src/kernels");
    first.setRandomSeed(1);
    vi.resetModules();
    const second = await import("../../../lib/src/kernels");
    const { tf } = await import("../../../lib/src/tensorflow");
    expect(second.setRandomSeed).not.toBe(first.setRandomSeed);

    const x = tf.tensor2d([[1, -2]]);
    const layer = tf.layers.batchNormalization();
    layer.build([1, 1, 1, 2]);
    const ops = opsOf(() => [
      tf.grad(tf.relu)(x, x),
      tf.dropout(x, 0.5),
      tf.gather(x, [0]),
      layer.apply(tf.reshape(x, [1, 1, 1, 2]), { training: true }) as never,
      tf.losses.softmaxCrossEntropy(x, x),
    ]);
    const count = (name: string) => ops.filter((op) => op === name).length;
    for (const op of [
      "ReluGrad",
      "StatelessRandomUniform",
      "GatherV2",
      "FusedBatchNormV3",
      "SoftmaxCrossEntropyWithLogits",
    ]) {
      expect([op, count(op)]).toEqual([op, 1]);
    }

    // One stream of random numbers, whichever library sets its seed.
    const draw = () => [...tf.randomUniform([3]).dataSync()];
    first.setRandomSeed(5);
    const numbers = draw();
    second.setRandomSeed(5);
    expect(draw()).toEqual(numbers);
  });

  it("leaves other backends alone", async () => {
    const { tf } = await import("../../../lib/src/tensorflow");
    (tf.findBackend("cpu") as unknown as { firstUse: boolean }).firstUse = false; // it would print an advertisement
    const { registerKernels } = await import("../../../lib/src/kernels");
    const names = () => tf.getKernelsForBackend("cpu").map(({ kernelName }) => kernelName);
    const before = names();
    await tf.setBackend("cpu");
    registerKernels();
    expect(names()).toEqual(before);
    expect(tf.ones([300, 300]).shape).toEqual([300, 300]);
    expect(tf.randomUniform([2]).shape).toEqual([2]);
    expect(tf.dropout(tf.ones([4]), 0.5).shape).toEqual([4]);
    const layer = tf.layers.batchNormalization();
    expect((layer.apply(tf.ones([2, 2]), { training: true }) as { shape: number[] }).shape).toEqual([2, 2]);
    const gradients = () =>
      [tf.relu, tf.relu6, tf.selu, tf.sigmoid, tf.tanh, (x: tf.Tensor) => tf.mean(tf.gather(x, [1, 2, 2]))].map((f) => [
        ...tf
          .grad(f as (x: tf.Tensor) => tf.Tensor)(tf.tensor1d([-0.7, 0.4, 8]))
          .dataSync(),
      ]);
    const there = gradients();
    await tf.setBackend("tensorflow");
    gradients().forEach((values, i) => expect(values).toBeAllclose(there[i]));
  });
});
