import { afterEach, describe, expect, it, vi } from "vitest";
import { examples } from "../../../lib/src/data/examples";
import { tf } from "../../../lib/src/tensorflow";
import { evaluate, predict, predictLabels } from "../../../lib/src/train/evaluate";
import { learnable, network } from "./network";

afterEach(() => vi.unstubAllEnvs());

const model = network();
const set = learnable();

describe("evaluate", () => {
  it("gives the same numbers for any batch size, and leaks nothing", async () => {
    const before = tf.memory().numTensors;
    const whole = await evaluate(model, set);
    const loss = tf.tidy(() => {
      const logs = tf.logSoftmax(model.apply(set.x) as tf.Tensor).arraySync() as number[][];
      return -logs.reduce((sum, row, i) => sum + row[set.y.dataSync()[i]], 0) / 12;
    });
    expect(whole.loss).toBeAllclose(loss, { atol: 1e-6 });
    for (const batchSize of [1, 5, 12]) {
      const parts = await evaluate(model, set, { batchSize });
      expect([parts.loss, parts.accuracy!]).toBeAllclose([whole.loss, whole.accuracy!], { atol: 1e-6 });
    }
    expect(whole.examples).toBe(12);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("looks at 2,000 examples in fast mode, and says so", async () => {
    vi.stubEnv("NABLAB_FAST", "1");
    const many = examples(tf.zeros([2100, 4]), tf.zeros([2100], "int32"));
    const before = tf.memory().numTensors;
    expect((await evaluate(model, many)).examples).toBe(2000);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("runs layers as they are used, not as they are trained", async () => {
    const dropping = tf.sequential({ layers: [tf.layers.dropout({ rate: 0.9, inputShape: [4] })] });
    const same = await evaluate(dropping, examples(set.x, set.x), { loss: "meanSquaredError" });
    expect(same.loss).toBe(0);
  });

  it("stops when it is told to, and refuses what does not fit, leaking nothing", async () => {
    const before = tf.memory().numTensors;
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(evaluate(model, set, { signal })).rejects.toThrow("enough");
    await expect(evaluate(model, set, { batchSize: 0 })).rejects.toThrow(
      "evaluate() wants batchSize to be an integer from 1 up, got 0.",
    );
    await expect(evaluate(model, set, { metric: [] } as never)).rejects.toThrow("did you mean metrics?");
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("predict", () => {
  it("joins batches to what the model gives at once, and leaks nothing", () => {
    const before = tf.memory().numTensors;
    const [parts, whole] = [predict(model, set.x, { batchSize: 5 }), model.apply(set.x) as tf.Tensor];
    expect(parts.shape).toEqual([12, 3]);
    expect(parts.dataSync()).toBeAllclose(whole.dataSync());
    expect(predictLabels(model, set.x)).toEqual(whole.argMax(-1).dataSync());
    tf.dispose([parts, whole]);
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before + 1); // argMax's result above
    expect(() => predict(model, set.y)).toThrow("predict() wants x to be a tensor of shape [size, 4] for this model");
    expect(() => predict(model, [1] as never)).toThrow("predict() wants x to be a tensor, got [1].");
  });
});
