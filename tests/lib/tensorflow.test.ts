import { inspect } from "node:util";
import { availableParallelism } from "node:os";
import { describe, expect, it } from "vitest";
import { device, memory, ready, tf } from "../../lib/src/tensorflow";

describe("device", () => {
  it("says in one line what computes", async () => {
    const report = await ready();
    expect(report.backend).toBe("tensorflow");
    expect(report.tensorflow).toMatch(/^2\.\d+\.\d+/);
    expect(report.threads).toBe(Number(process.env.TF_NUM_INTRAOP_THREADS) || availableParallelism());
    expect(report.memory).toBeGreaterThan(2 ** 28);
    expect(inspect(device())).toBe(String(report));
    expect(inspect([report])).not.toContain("\n");
    expect(String(report)).toMatch(/^TensorFlow 2\.[\d.]+ on (CPU|GPU) .+, \d+ threads?, \d+ GiB/);
    const show = report[Symbol.for("Jupyter.display") as never] as () => Record<string, string>;
    expect(show.call(report)["text/plain"]).toBe(String(report));
  });

  it("leaves a few words for whoever shows a tensor", () => {
    const words = (globalThis as Record<symbol, unknown>)[Symbol.for("nablab.device")];
    expect(words).toBe(device().short);
    expect(words).toMatch(/^(CPU|GPU .+), TensorFlow 2\./);
  });

  it("has the two functions that Node 23 took from node:util in place", async () => {
    // What TensorFlow.js calls in topk, and nothing else of it.
    expect(Array.from(tf.topk(tf.tensor1d([1, 3, 2]), 1).indices.dataSync())).toEqual([1]);
  });
});

describe("memory", () => {
  it("counts the living tensors and their bytes", () => {
    const before = memory();
    const tensor = tf.zeros([10, 10]);
    expect(memory().tensors).toBe(before.tensors + 1);
    expect(memory().bytes).toBe(before.bytes + 400);
    tensor.dispose();
    expect(memory().tensors).toBe(before.tensors);
  });

  it("knows what the process holds, which JavaScript's heap does not show", () => {
    const before = memory().process;
    const size = 64 * 2 ** 20;
    const big = tf.tidy(() => tf.zeros([size / 4]).add(1));
    expect(memory().process - before).toBeGreaterThan(0.9 * size);
    big.dispose();
  });
});
