import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { mnist } from "../../../lib/src/data";
import { digitClassifier, digitClassifierFile, digitClassifierLayers } from "../../../lib/src/models";
import { tf } from "../../../lib/src/tensorflow";
import { evaluate } from "../../../lib/src/train";

describe("digitClassifier", () => {
  it("has the parameters that its description says", () => {
    const model = tf.sequential({ layers: digitClassifierLayers() });
    // 5·5·1·16 + 16, 5·5·16·32 + 32, 1568·64 + 64, 64·10 + 10
    expect(model.countParams()).toBe(416 + 12_832 + 100_416 + 650);
    model.dispose();
  });

  it("starts from the same weights for a seed, others for another", () => {
    const first = (seed: number) => {
      const model = tf.sequential({ layers: digitClassifierLayers({ seed }) });
      const values = Array.from(model.weights[0].read().dataSync());
      model.dispose();
      return values;
    };
    expect(first(1)).toEqual(first(1));
    expect(first(1)).not.toEqual(first(2));
  });

  it("reads digits that come with nablab, and its log tells at least 99.2 % of the test digits", async () => {
    const model = digitClassifier();
    const { test, dispose } = await mnist({ source: "embedded", limit: 1 });
    // These are from MNIST's training set, which it has seen: the accuracy on test digits is the log's.
    expect((await evaluate(model, test)).accuracy).toBeGreaterThan(0.995);
    const log = readFileSync(digitClassifierFile.replace(/safetensors$/, "log"), "utf8");
    expect(Number(/test: ([\d.]+) % of 10000 digits/.exec(log)![1])).toBeGreaterThanOrEqual(99.2);
    dispose();
    model.dispose();
  });

  it("says what to do where the weights are missing, and leaves nothing behind where they are damaged", () => {
    expect(() => digitClassifier({ file: "/nowhere/digits.safetensors" })).toThrow(
      "digitClassifier() found no weights in /nowhere/digits.safetensors. Remedy: git checkout lib/checkpoints",
    );
    const before = tf.memory().numTensors;
    expect(() => digitClassifier({ file: __filename })).toThrow("decodeSafetensors() cannot read");
    expect(tf.memory().numTensors).toBe(before);
  });
});
