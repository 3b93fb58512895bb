import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  buildPictureGan,
  CORRECTED,
  pictureGanLog,
  pictureGanSeeds,
  TOGETHER,
  trainedPictureGenerator,
} from "../../../lib/src/gan";
import { setRandomSeed } from "../../../lib/src/kernels";
import { pictureDiscriminator, pictureGenerator, saveWeights } from "../../../lib/src/models";
import { tf } from "../../../lib/src/tensorflow";

setRandomSeed(0); // makes the one variable that stays, before anybody counts

describe("the runs on CIFAR-10", () => {
  it("build pairs of the picture networks, and free them", () => {
    const before = tf.memory().numTensors;
    const { gan, dispose } = buildPictureGan({ ...CORRECTED, batchNorm: false }, 1);
    // 100·4096 + 4096, 4·4·256·128 + 128, 4·4·128·64 + 64, 4·4·64·32 + 32, 7·7·32·3 + 3
    expect(gan.generator.countParams()).toBe(413_696 + 524_416 + 131_136 + 32_800 + 4707);
    // 3·3·3·64 + 64, 3·3·64·128 + 128, 3·3·128·256 + 256, 4096 + 1
    expect(gan.discriminator.countParams()).toBe(1792 + 73_856 + 295_168 + 4097);
    tf.tidy(() => {
      const made = gan.sample(gan.latents(2, "two"));
      expect(made.shape).toEqual([2, 32, 32, 3]);
      expect(tf.max(tf.abs(made)).dataSync()[0]).toBeLessThanOrEqual(1);
      expect((gan.discriminator.predict(made) as tf.Tensor).shape).toEqual([2, 1]);
    });
    dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(() => buildPictureGan({ ...CORRECTED, conditional: true }, 1)).toThrow("conditional");
  });

  it("begin with the same weights for a seed, and hide what they are told to hide", () => {
    const first = (seed: number) => {
      const [made, judge] = [pictureGenerator({ seed }), pictureDiscriminator({ seed, dropout: 0.1 })];
      const models = [made, judge].map((layers) => tf.sequential({ layers }));
      const rates = models[1].layers
        .filter((one) => one.getClassName() === "Dropout")
        .map((one) => one.getConfig().rate);
      expect(rates).toEqual([0.1, 0.1, 0.1]);
      const values = models.map((model) => Array.from(model.weights[0].read().dataSync().slice(0, 9)));
      models.forEach((model) => model.dispose());
      return values;
    };
    expect(first(1)).toEqual(first(1));
    expect(first(1)).not.toEqual(first(2));
  });

  it("say how to make a log or weights that are not there", () => {
    const folder = mkdtempSync(join(tmpdir(), "nablab-"));
    expect(pictureGanSeeds("together", { folder })).toEqual([]);
    writeFileSync(join(folder, "together-seed-3.json"), "{}");
    expect(pictureGanSeeds("together", { folder })).toEqual([3]);
    expect(() => pictureGanSeeds("R1" as never)).toThrow("together");
    expect(() => pictureGanLog("together", 1, { folder })).toThrow(
      'train-digit-gans.js "together" --data cifar10 --seed 1',
    );
    expect(() => pictureGanLog("hinge" as never)).toThrow("hinge");
    const file = join(folder, "generator.safetensors");
    expect(() => trainedPictureGenerator({ file })).toThrow("train-digit-gans.js");
    const model = tf.sequential({ layers: pictureGenerator({ width: TOGETHER.width, batchNorm: true }) });
    saveWeights(model, file);
    trainedPictureGenerator({ file }).dispose();
    model.dispose();
    rmSync(folder, { recursive: true });
  });
});
