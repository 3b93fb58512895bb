import { describe, expect, it } from "vitest";
import { Gan, spectralNorm } from "../../../lib/src/gan";
import { conditionalDigitDiscriminator, conditionalDigitGenerator } from "../../../lib/src/models";
import { tf } from "../../../lib/src/tensorflow";

describe("the networks of a conditional digit GAN", () => {
  it("have the parameters that their descriptions say", () => {
    const [generator, discriminator] = [conditionalDigitGenerator(), conditionalDigitDiscriminator()];
    // Ten rows more in the generator's dense layer; a vector of 6272 for each class in the discriminator.
    expect(generator.countParams()).toBe(1_925_633 + 10 * 12_544);
    expect(discriminator.countParams()).toBe(80_769 + 10 * 6272);
    generator.dispose();
    discriminator.dispose();
  });

  it("score by projection: what the plain one says, and how the class's vector lies to the features", () => {
    const model = conditionalDigitDiscriminator({ seed: 3, classes: 2 });
    tf.tidy(() => {
      const x = tf.randomNormal([1, 28, 28, 1], 0, 1, "float32", 1);
      const score = (row: number[]) => (model.predict([x, tf.tensor2d([row])]) as tf.Tensor).dataSync()[0];
      const [plain, first, second] = [score([0, 0]), score([1, 0]), score([0, 1])];
      expect(first).not.toBeCloseTo(plain, 4);
      // A sum of vectors has the sum of their products.
      expect(score([1, 1]) - plain).toBeCloseTo(first - plain + (second - plain), 4);
    });
    model.dispose();
  });

  it("are a pair, also with spectral norm, and the same for a seed", () => {
    const discriminator = conditionalDigitDiscriminator({ layers: spectralNorm });
    const [generator, again] = [conditionalDigitGenerator({ seed: 1 }), conditionalDigitGenerator({ seed: 1 })];
    expect(discriminator.nonTrainableWeights.length).toBe(8); // u and v of two convolutions and two dense layers
    const gan = new Gan({ generator, discriminator, average: 0 });
    expect(gan.classes).toBe(10);
    const images = tf.tidy(() => gan.sample(gan.latents(2), { labels: [0, 9] }));
    expect(images.shape).toEqual([2, 28, 28, 1]);
    generator.weights.forEach((weight, i) => {
      const apart = tf.tidy(() => tf.max(tf.abs(tf.sub(weight.read(), again.weights[i].read()))).dataSync()[0]);
      expect(apart).toBe(0);
    });
    images.dispose();
    gan.dispose();
    for (const model of [generator, again, discriminator]) model.dispose();
  });

  it("refuse what makes no sense", () => {
    expect(() => conditionalDigitGenerator({ classes: 1 })).toThrow("conditionalDigitGenerator() wants classes");
    expect(() => conditionalDigitDiscriminator({ clases: 3 } as never)).toThrow("did you mean classes?");
  });
});
