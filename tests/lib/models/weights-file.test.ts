import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadWeights, saveWeights } from "../../../lib/src/models";
import { tf } from "../../../lib/src/tensorflow";

const folder = mkdtempSync(join(tmpdir(), "nablab-"));
afterAll(() => rmSync(folder, { recursive: true }));

const network = (units = 3) =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units, inputShape: [2] }),
      tf.layers.batchNormalization(),
      tf.layers.dense({ units: 1 }),
    ],
  });
const valuesOf = (model: tf.LayersModel) => model.weights.map((weight) => Array.from(weight.read().dataSync()));

describe("a file of weights", () => {
  it("gives another model of the same kind the same weights to the last bit, with the notes", () => {
    const before = tf.memory().numTensors;
    const file = join(folder, "new", "weights.safetensors");
    const [a, b] = [network(), network()];
    expect(valuesOf(b)).not.toEqual(valuesOf(a));
    saveWeights(a, file, { notes: { accuracy: "99 %" } });
    expect(loadWeights(b, file)).toMatchObject({ accuracy: "99 %" });
    expect(valuesOf(b)).toEqual(valuesOf(a));
    a.dispose();
    b.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("takes half the room where that is asked for, and rounds", () => {
    const file = join(folder, "half.safetensors");
    const [a, b] = [network(), network()];
    saveWeights(a, file, { half: true });
    loadWeights(b, file);
    const [exact, rounded] = [valuesOf(a), valuesOf(b)].map((lists) => lists.flat());
    expect(rounded).toBeAllclose(exact, { rtol: 2 ** -11, atol: 2 ** -25 });
    expect(rounded).not.toEqual(exact);
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
    [a, b].forEach((each) => each.dispose());
  });

  it("is refused by another model, which stays as it was", () => {
    const file = join(folder, "weights.safetensors");
    const [model, wider] = [network(), network(4)];
    const fewer = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    saveWeights(model, file);
    const before = valuesOf(wider);
    expect(() => loadWeights(wider, file)).toThrow("weight 0 is of shape [2, 3] there and [2, 4] here");
    expect(valuesOf(wider)).toEqual(before);
    expect(() => loadWeights(fewer, file)).toThrow("it holds 8 weights, and the model has 2");
    [model, wider, fewer].forEach((each) => each.dispose());
  });
});
