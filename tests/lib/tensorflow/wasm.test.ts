import type { Tensor, Tensor4D } from "@tensorflow/tfjs-node-gpu";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

/** This file's process has no native binding: loading it fails, as it does on a machine without one. */
const dlopen = process.dlopen;
const warn = vi.spyOn(console, "warn").mockImplementation(() => {});

let library: typeof import("../../../lib/src/tensorflow");

beforeAll(async () => {
  process.dlopen = function (this: unknown, module: object, path: string, ...rest: number[]) {
    if (path.endsWith("tfjs_binding.node")) throw new Error("libtensorflow_cc.so.2: cannot open shared object file");
    return (dlopen as (...args: unknown[]) => void).call(this, module, path, ...rest);
  } as typeof process.dlopen;
  library = await import("../../../lib/src/tensorflow");
});

afterAll(() => {
  process.dlopen = dlopen;
  vi.restoreAllMocks();
});

describe("without the native binding", () => {
  it("says in one line what runs instead, why, what it costs and what to do", () => {
    expect(warn.mock.calls.length).toBe(1);
    expect(warn.mock.calls[0][0]).toMatch(
      /^nablab runs on WebAssembly: TensorFlow's binding does not load \(libtensorflow_cc\.so\.2: cannot open shared object file\)\. .*slower.* Remedy: npm run setup;/,
    );
  });

  it("computes at once in plain JavaScript, and on WebAssembly once it is ready", async () => {
    const { tf, device, ready } = library;
    expect(device()).toMatchObject({ backend: "cpu", kind: "cpu", tensorflow: null });
    expect(String(device())).toContain("plain JavaScript until `await ready()` has WebAssembly up");
    const early = tf.tensor1d([1, 2]).add(1);
    const report = await ready();
    expect(report).toMatchObject({ backend: "wasm", kind: "wasm", tensorflow: null });
    expect(Array.from(early.add(1).dataSync())).toEqual([3, 4]);
    expect(warn.mock.calls.length).toBe(1);
  });

  it("trains a convolution, whose gradient WebAssembly lacks, as plain JavaScript does and without a leak", async () => {
    const { tf, ready } = library;
    await ready();
    const run = async (backend: string) => {
      await tf.setBackend(backend);
      const x = tf.linspace(-1, 1, 2 * 8 * 8 * 2).reshape([2, 8, 8, 2]) as import("@tensorflow/tfjs-node-gpu").Tensor4D;
      const kernel = tf.variable(tf.linspace(-1, 1, 3 * 3 * 2 * 3).reshape([3, 3, 2, 3]));
      const loss = () =>
        tf
          .conv2d(x, kernel as never, 1, "same")
          .relu()
          .maxPool(2, 2, "valid")
          .square()
          .mean() as never;
      const before = tf.memory().numTensors;
      const { value, grads } = tf.variableGrads(loss, [kernel]);
      const numbers = [...value.dataSync(), ...grads[kernel.name].dataSync()];
      tf.dispose([value, grads as never]);
      expect(tf.memory().numTensors).toBe(before);
      return numbers;
    };
    expect(await run("wasm")).toBeAllclose(await run("cpu"), { atol: 1e-5 });
    await tf.setBackend("wasm");
  });

  it.each<[[number, number], "same" | "valid"]>([
    [[1, 1], "valid"],
    [[2, 1], "same"],
    [[3, 2], "valid"],
  ])("has the filter's gradient right with strides %o and %s padding", async (strides, pad) => {
    const { tf } = library;
    const gradient = async (backend: string) => {
      await tf.setBackend(backend);
      return tf.tidy(() => {
        const x = tf.sin(tf.range(0, 2 * 7 * 6 * 2)).reshape<Tensor4D>([2, 7, 6, 2]);
        const filter = tf.cos(tf.range(0, 3 * 2 * 2 * 4)).reshape([3, 2, 2, 4]);
        const loss = (w: Tensor) =>
          tf
            .conv2d(x, w as Tensor4D, strides, pad)
            .square()
            .sum();
        return tf.grad(loss)(filter).dataSync();
      });
    };
    expect(await gradient("wasm")).toBeAllclose(await gradient("cpu"), { atol: 1e-4 });
    await tf.setBackend("wasm");
  });

  it.each([true, false])(
    "has batch norm without scale and shift, whose gradient TensorFlow.js lacks, training: %s",
    async (training) => {
      const { tf } = library;
      await import("../../../lib/src/kernels");
      const x = tf.tensor2d([[1], [2], [4]]);
      const layer = tf.layers.batchNormalization({ scale: false, center: false, epsilon: 0 });
      layer.apply(x);
      layer.setWeights([tf.tensor1d([0]), tf.tensor1d([4])]);
      const dy = tf.tensor2d([[1], [0], [0]]);
      const { value, grad } = tf.valueAndGrad((x: Tensor) => layer.apply(x, { training }) as Tensor)(x, dy);
      // In use x / 2. In training by hand: (x - m) / s with m = 7 / 3, s² = 14 / 9, y₀ = -4 / √14; dx₀ = (1 - 1/3 - y₀² / 3) / s.
      const s = Math.sqrt(14) / 3;
      expect(value.dataSync()).toBeAllclose(training ? [-4 / 3 / s, -1 / 3 / s, 5 / 3 / s] : [0.5, 1, 2], {
        atol: 1e-5,
      });
      expect(grad.dataSync()[0]).toBeCloseTo(training ? (2 / 3 - 16 / 42) / s : 0.5, 5);
    },
  );

  it("says of tf.node what it needs", () => {
    expect(() => library.tf.node.decodeImage(new Uint8Array(1))).toThrow(
      "tf.node.decodeImage needs TensorFlow's native binding, and this process runs without it. Remedy: npm run setup",
    );
  });
});
