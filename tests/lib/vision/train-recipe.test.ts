import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { examples, Pictures } from "../../../lib/src/data";
import { tf } from "../../../lib/src/tensorflow";
import { evaluate } from "../../../lib/src/train";
import { changed, FAST_RECIPE, FIRST_RECIPE, LADDER, Recipe, trainRecipe } from "../../../lib/src/vision";

const folder = mkdtempSync(join(tmpdir(), "nablab-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Images of two classes, bright above or bright below, with noise. */
function pictures(size: number, seed: number): Pictures {
  const y = tf.tensor1d(Int32Array.from({ length: size }, (_, i) => i % 2));
  const x = tf.tidy(() => {
    const noise = tf.randomUniform([size, 32, 32, 3], 0, 0.5, "float32", seed);
    const rows = tf.cast(tf.less(tf.range(0, 32), 16), "float32").reshape([1, 32, 1, 1]);
    const above = tf.cast(y, "float32").reshape([size, 1, 1, 1]);
    const bright = tf.add(tf.mul(above, rows), tf.mul(tf.sub(1, above), tf.sub(1, rows)));
    return tf.add(noise, tf.mul(bright, 0.3)) as tf.Tensor4D;
  });
  return examples(x, y);
}

const train = pictures(64, 1);
const small: Recipe = changed(FAST_RECIPE, { widths: [4, 4, 4], batchSize: 16, epochs: 2, precision: "float32" });
const gentle: Recipe = changed(small, { optimizer: "nesterov", rate: 0.2, decay: 0, batchSize: 8, smoothing: 0 });
const quiet = { progress: false } as const;
const weightsOf = (model: tf.LayersModel) => model.weights.map((weight) => Array.from(weight.read().dataSync()));

async function trained(recipe: Recipe, options = {}): Promise<{ weights: number[][]; losses: number[] }> {
  const { model, history } = await trainRecipe(train, recipe, { ...quiet, seed: 3, ...options });
  const result = { weights: weightsOf(model), losses: history.steps.map(({ loss }) => loss) };
  model.dispose();
  return result;
}

describe("trainRecipe", () => {
  it("learns, and leaves no tensor but the model's", async () => {
    await trained(small); // makes the stream of random numbers
    const before = tf.memory().numTensors;
    const { model, history } = await trainRecipe(
      train,
      { ...small, epochs: 2 },
      { ...quiet, seed: 1, validation: train },
    );
    expect(history.rows.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(history.rows[1].loss).toBeLessThan(0.8 * history.rows[0].loss);
    expect((await evaluate(model, train, { loss: "softmaxCrossEntropy" })).accuracy).toBe(history.rows[1].valAccuracy);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("gives the same weights for the same seed, and others for another", async () => {
    const [a, b, c] = [await trained(small), await trained(small), await trained(small, { seed: 4 })];
    expect(b).toEqual(a);
    expect(c.weights).not.toEqual(a.weights);
  });

  it("never trains the kernel that whitens", async () => {
    const [one, two] = [await trained({ ...small, epochs: 1 }), await trained(small)];
    expect(two.weights[0]).toEqual(one.weights[0]);
    expect(two.weights[1]).not.toEqual(one.weights[1]); // its biases are trained
  });

  it("goes on from a checkpoint to the same weights, averaged ones as well", async () => {
    const recipe = { ...small, average: 0.9 };
    const whole = await trained(recipe);
    const file = join(folder, "half.safetensors");
    const stop = new AbortController();
    const { model } = await trainRecipe(train, recipe, {
      ...quiet,
      seed: 3,
      checkpoint: file,
      signal: stop.signal,
      onEpochEnd: () => stop.abort(),
    });
    model.dispose();
    expect((await trained(recipe, { checkpoint: file })).weights).toEqual(whole.weights);
  });

  it("shows every image mirrored in one of two epochs where they are mirrored in turn", async () => {
    // Weights stand still, and a batch is all of the data. So over two epochs the losses add up to those of the images as
    // they are and of all of them mirrored.
    const still = {
      ...gentle,
      whitening: false, // its kernel would come from the images
      normalize: false,
      optimizer: "sgd" as const,
      rate: 0,
      translate: 0,
      batchSize: 64,
      epochs: 2,
    };
    const losses = async (flip: Recipe["flip"], images: Pictures) => {
      const { model, history } = await trainRecipe(images, { ...still, flip }, { ...quiet, seed: 3 });
      model.dispose();
      return history.steps.map(({ loss }) => loss);
    };
    const both = await losses("alternating", train);
    expect(both[0]).not.toBe(both[1]);
    const asIs = (await losses("none", train))[0];
    const mirrored = examples(tf.reverse(train.x, 2), train.y.clone());
    const other = (await losses("none", mirrored))[0];
    mirrored.dispose();
    expect(both[0] + both[1]).toBeCloseTo(asIs + other, 5);
  });

  it.each(LADDER.map(({ name, change }) => [name, change] as const))("takes a step with %s", async (_, change) => {
    const recipe = changed(FIRST_RECIPE, change);
    const { losses } = await trained({ ...recipe, widths: [4, 4, 4], batchSize: 32, epochs: 1 });
    expect(losses.every(Number.isFinite)).toBe(true);
  });
});

describe("changed", () => {
  it("refuses a recipe that is none", () => {
    expect(() => changed(FIRST_RECIPE, { rats: 1 } as never)).toThrow(/rats/);
    expect(() => changed(FIRST_RECIPE, { flip: "sideways" } as never)).toThrow(/flip.*none, random, alternating/);
    expect(() => changed(FIRST_RECIPE, { epochs: 0 })).toThrow(/epochs/);
    expect(() => changed(FIRST_RECIPE, { smoothing: 2 })).toThrow(/smoothing/);
  });
});
