import { afterEach, describe, expect, it } from "vitest";
import { tf } from "../../../lib/src/tensorflow";

const kernelKey = Symbol.for("nablab.kernel");
const cell = (signal: AbortSignal) => ((globalThis as Record<symbol, unknown>)[kernelKey] = { signal, display() {} });

afterEach(() => delete (globalThis as Record<symbol, unknown>)[kernelKey]);

const compiled = () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [2], units: 1 })] });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  return model;
};

describe("the notebook's Stop", () => {
  it("ends model.fit, which then returns its history so far", async () => {
    const stop = new AbortController();
    cell(stop.signal);
    let batches = 0;
    const history = await compiled().fit(tf.zeros([64, 2]), tf.zeros([64, 1]), {
      epochs: 1e9,
      batchSize: 1,
      verbose: 0,
      yieldEvery: "batch",
      callbacks: { onBatchEnd: async () => void (++batches === 70 && stop.abort()) },
    });
    expect([batches, history.epoch.length]).toEqual([70, 2]);
  });

  it("ends fitDataset, and a fit that begins after it does nothing", async () => {
    const stop = new AbortController();
    cell(stop.signal);
    const model = compiled();
    const endless = tf.data.generator(function* () {
      for (;;) yield { xs: tf.zeros([1, 2]), ys: tf.zeros([1, 1]) };
    });
    let batches = 0;
    await model.fitDataset(endless, {
      epochs: 1e9,
      batchesPerEpoch: 10,
      verbose: 0,
      callbacks: { onBatchEnd: async () => void (++batches === 25 && stop.abort()) },
    });
    expect(batches).toBe(25);
    await expect(model.fit(tf.zeros([1, 2]), tf.zeros([1, 1]), { verbose: 0 })).rejects.toBe(stop.signal.reason);
    cell(new AbortController().signal);
    const next = await model.fit(tf.zeros([1, 2]), tf.zeros([1, 1]), { epochs: 3, verbose: 0 });
    expect(next.epoch.length).toBe(3);
  });
});
