import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  buildDigitGan,
  CORRECTED,
  DIGIT_GANS,
  digitGanFile,
  digitGanLog,
  digitGanSeeds,
  NARROW,
  SMALL,
  trainedConditionalDigitGenerator,
  trainedDigitGenerator,
  TOGETHER,
  type GanRecipe,
} from "../../../lib/src/gan";
import { setRandomSeed } from "../../../lib/src/kernels";
import { conditionalDigitGenerator, digitGenerator, saveWeights } from "../../../lib/src/models";
import { tf } from "../../../lib/src/tensorflow";

setRandomSeed(0); // makes the one variable that stays, before anybody counts

describe("the runs of digit GANs", () => {
  it("make one change each to the narrow networks, but for a loss with settings of its own and what is together", () => {
    const changes = (recipe: GanRecipe, from: GanRecipe) =>
      Object.entries(recipe)
        .filter(([key, value]) => from[key as keyof GanRecipe] !== value)
        .map(([key]) => key);
    expect(changes(SMALL, CORRECTED)).toEqual(["batchSize", "width", "discriminatorWidth"]);
    expect(changes(NARROW, SMALL)).toEqual(["learningRate", "dropout"]);
    expect(changes(DIGIT_GANS.article, DIGIT_GANS.rescaled)).toEqual(["paper"]);
    expect(changes(DIGIT_GANS.clustered, DIGIT_GANS.conditional)).toEqual(["clusters"]);
    expect(changes(DIGIT_GANS["labelled clusters"], DIGIT_GANS.clustered)).toEqual(["withinLabels"]);
    const several = ["WGAN-GP", "clustered", "labelled clusters", "together", "long"];
    const apart = ["article", "rescaled", "corrected", "small", "narrow", ...several];
    for (const [name, recipe] of Object.entries<GanRecipe>(DIGIT_GANS)) {
      if (!apart.includes(name)) expect(changes(recipe, NARROW), name).toHaveLength(1);
    }
  });

  it.each(Object.entries<GanRecipe>(DIGIT_GANS))("builds %s as its recipe says, and frees it", (_, recipe) => {
    const before = tf.memory().numTensors;
    const { gan, dispose } = buildDigitGan(recipe, 1);
    expect(gan.classes).toBe(recipe.conditional ? (recipe.clusters ?? 10) : 0);
    expect(gan.discriminator.nonTrainableWeights.length).toBe(recipe.spectralNorm ? 6 : 0);
    const dropouts = gan.discriminator.layers.filter((layer) => layer.getClassName() === "Dropout");
    const [first] = gan.discriminator.trainableWeights.filter(({ shape }) => shape.length === 4);
    expect(first.shape[3]).toBe(64 * (recipe.discriminatorWidth ?? 1));
    const rates = [gan.generatorOptimizer, gan.discriminatorOptimizer].map((adam) => adam.getConfig().learningRate);
    expect(rates).toEqual([recipe.learningRate, recipe.discriminatorRate ?? recipe.learningRate]);
    dropouts.forEach((layer) => expect(layer.getConfig().rate).toBe(recipe.dropout));
    dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("refuse what a recipe cannot say, and leave no network behind", () => {
    const before = tf.memory().numTensors;
    const wrong: [object, string][] = [
      [{ loss: "hinges" }, 'did you mean "hinge"?'],
      [{ average: 1 }, "average to be less than 1"],
      [{ dropout: 2 }, "dropout to be less than 1"],
      [{ learningRate: NaN }, "buildDigitGan() wants learningRate"],
      [{ learningrate: 1 }, "did you mean learningRate?"],
      [{ conditional: true, clusters: 1 }, "buildDigitGan() wants clusters"],
    ];
    for (const [change, says] of wrong) {
      expect(() => buildDigitGan({ ...NARROW, ...change } as GanRecipe, 1)).toThrow(says);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it("have the changes of other runs together", () => {
    expect(TOGETHER).toEqual({
      ...DIGIT_GANS["in turn"],
      discriminatorRate: DIGIT_GANS["two rates"].discriminatorRate,
    });
  });

  it("read their logs, and say how to make one that is not there", () => {
    const folder = mkdtempSync(join(tmpdir(), "nablab-"));
    const file = digitGanFile("least squares", 2, folder);
    expect(file).toBe(join(folder, "least-squares-seed-2"));
    expect(() => digitGanLog("least squares", 2, { folder })).toThrow('train-digit-gans.js "least squares" --seed 2');
    expect(() => digitGanLog("least square" as never)).toThrow("least squares");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.json`, JSON.stringify({ name: "least squares", seed: 2 }));
    expect(digitGanLog("least squares", 2, { folder }).seed).toBe(2);
    rmSync(folder, { recursive: true });
  });

  it("say which seeds have been made to their end", () => {
    const folder = mkdtempSync(join(tmpdir(), "nablab-"));
    expect(digitGanSeeds("R1", { folder: join(folder, "none") })).toEqual([]);
    mkdirSync(join(folder, ".unfinished"));
    for (const file of ["R1-seed-10", "R1-seed-2", "narrow-seed-1", ".unfinished/R1-seed-3"]) {
      writeFileSync(join(folder, `${file}.json`), "{}");
    }
    writeFileSync(join(folder, "R1-seed-4.safetensors"), "");
    expect(digitGanSeeds("R1", { folder })).toEqual([2, 10]);
    expect(digitGanSeeds("hinge", { folder })).toEqual([]);
    expect(() => digitGanSeeds("r1" as never)).toThrow("R1");
    rmSync(folder, { recursive: true });
  });

  it("give back the generator of the run that is named", () => {
    const folder = mkdtempSync(join(tmpdir(), "nablab-"));
    const file = join(folder, "generator.safetensors");
    const whole = tf.sequential({ layers: digitGenerator({ seed: 5, batchNorm: true }) });
    saveWeights(whole, file);
    const again = trainedDigitGenerator({ name: "corrected", file });
    const made = [whole, again].map((one) => tf.tidy(() => (one.predict(tf.ones([1, 100])) as tf.Tensor).dataSync()));
    expect(made[0]).toEqual(made[1]);
    expect(() => trainedDigitGenerator({ file })).toThrow(RangeError); // "long" has a quarter of the filters
    expect(() => trainedDigitGenerator({ name: "narrow" as never })).toThrow("corrected");
    [whole, again].forEach((one) => one.dispose());
    rmSync(folder, { recursive: true });
  });

  it("give back a generator from its weights", () => {
    const folder = mkdtempSync(join(tmpdir(), "nablab-"));
    const file = join(folder, "generator.safetensors");
    const model = tf.sequential({ layers: digitGenerator({ seed: 5, width: TOGETHER.width, batchNorm: true }) });
    saveWeights(model, file);
    const again = trainedDigitGenerator({ file });
    model.weights.forEach((weight, i) => {
      const apart = tf.tidy(() => tf.max(tf.abs(tf.sub(weight.read(), again.weights[i].read()))).dataSync()[0]);
      expect(apart).toBe(0);
    });
    expect(() => trainedDigitGenerator({ file: join(folder, "none") })).toThrow("train-digit-gans.js");
    model.dispose();
    again.dispose();
    for (const [name, classes] of [
      ["conditional", 10],
      ["clustered", 100],
      ["labelled clusters", 100],
    ] as const) {
      const told = conditionalDigitGenerator({ seed: 5, classes, width: NARROW.width, batchNorm: true });
      saveWeights(told, file);
      const toldAgain = trainedConditionalDigitGenerator({ name, file });
      const asked = tf.tidy(() => tf.oneHot(tf.tensor1d([3], "int32"), classes));
      const made = [told, toldAgain].map((one) =>
        tf.tidy(() => (one.predict([tf.ones([1, 100]), asked]) as tf.Tensor).dataSync()),
      );
      expect(made[0]).toEqual(made[1]);
      tf.dispose(asked);
      told.dispose();
      toldAgain.dispose();
    }
    const before = tf.memory().numTensors;
    expect(() => trainedConditionalDigitGenerator({ file })).toThrow(RangeError); // ten classes, not a hundred
    expect(() => trainedConditionalDigitGenerator({ name: "long" as never })).toThrow("clustered");
    expect(() => trainedConditionalDigitGenerator({ file: join(folder, "none") })).toThrow("train-digit-gans.js");
    expect(tf.memory().numTensors).toBe(before);
    rmSync(folder, { recursive: true });
  });
});
