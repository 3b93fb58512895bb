import { describe, expect, it } from "vitest";
import { digitDiscriminator, digitGenerator } from "../../../lib/src/models";
import { Gan } from "../../../lib/src/gan";
import { compile } from "../../../lib/src/capture";
import { setRandomSeed } from "../../../lib/src/kernels";
import { tf } from "../../../lib/src/tensorflow";
import truth from "../../fixtures/gan/digit-networks.json";

setRandomSeed(0); // makes the one variable that stays, before anybody counts

const networks = () => ({
  generator: tf.sequential({ layers: digitGenerator() }),
  discriminator: tf.sequential({ layers: digitDiscriminator() }),
});

/** The formula of the fixture: `scale * sin(0.618 i + place)`. */
const byFormula = (place: number, shape: number[], scale: number) =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => scale * Math.sin(0.618 * i + place)),
    shape,
  );
/** Each third pixel of each third row. */
const everyThird = (images: tf.Tensor) => tf.stridedSlice(images, [0, 0, 0, 0], images.shape, [1, 3, 3, 1]);

describe("the networks of a digit GAN", () => {
  const close = { atol: 1e-4, rtol: 1e-3 };
  const withWeights = (layers: tf.layers.Layer[], scales: number[]) => {
    const model = tf.sequential({ layers });
    tf.tidy(() =>
      model.weights.forEach((weight, place) => {
        (weight.read() as tf.Variable).assign(byFormula(place, weight.shape as number[], scales[place]));
      }),
    );
    return model;
  };

  it("paint as the article's generator does in PyTorch, with its gradient", () => {
    const model = withWeights(digitGenerator(), [0.3, 0.1, 0.05, 0.1, 0.05, 0.1, 0.5, 0.1]);
    tf.tidy(() => {
      const z = byFormula(8, [2, 100], 1);
      const images = (latents: tf.Tensor) => model.apply(latents) as tf.Tensor;
      expect(everyThird(images(z)).dataSync()).toBeAllclose(truth.generator.images, close);
      const gradient = tf.grad((latents: tf.Tensor) => images(latents).sum())(z);
      expect(gradient.dataSync()).toBeAllclose(truth.generator.gradient, { atol: 1e-3, rtol: 1e-3 });
    });
    model.dispose();
  });

  it("judge as the article's discriminator does in PyTorch, with its gradient, and hide 0.3 while training", () => {
    const model = withWeights(digitDiscriminator(), [0.3, 0.1, 0.3, 0.1, 0.05, 0.1]);
    tf.tidy(() => {
      const x = byFormula(9, [2, 28, 28, 1], 1);
      const logits = (images: tf.Tensor) => model.apply(images) as tf.Tensor;
      expect(logits(x).dataSync()).toBeAllclose(truth.discriminator.logits, close);
      const gradient = tf.grad((images: tf.Tensor) => logits(images).sum())(x);
      expect(everyThird(gradient).dataSync()).toBeAllclose(truth.discriminator.gradient, close);
    });
    const dropouts = model.layers.filter((layer) => layer.getClassName() === "Dropout");
    expect(dropouts.map((layer) => layer.getConfig().rate)).toEqual([0.3, 0.3]);
    model.dispose();
  });

  it("have the parameters that their descriptions say", () => {
    const { generator, discriminator } = networks();
    // 100·12544 + 12544, 4·4·256·128 + 128, 4·4·128·64 + 64, 7·7·64 + 1
    expect(generator.countParams()).toBe(1_266_944 + 524_416 + 131_136 + 3137);
    // 3·3·64 + 64, 3·3·64·128 + 128, 6272 + 1
    expect(discriminator.countParams()).toBe(640 + 73_856 + 6273);
    generator.dispose();
    discriminator.dispose();
  });

  it("have fewer at a quarter of the width, and scales in place of biases with batch normalisation", () => {
    const options = { width: 0.25, batchNorm: true };
    const generator = tf.sequential({ layers: digitGenerator(options) });
    const discriminator = tf.sequential({ layers: digitDiscriminator({ width: 0.25 }) });
    // 100·3136 + 4·3136, 4·4·64·32 + 4·32, 4·4·32·16 + 4·16, 7·7·16 + 1
    expect(generator.countParams()).toBe(326_144 + 32_896 + 8256 + 785);
    // 3·3·16 + 16, 3·3·16·32 + 32, 1568 + 1
    expect(discriminator.countParams()).toBe(160 + 4640 + 1569);
    expect(() => digitGenerator({ width: 0 })).toThrow("width");
    expect(() => digitDiscriminator({ dropout: 1 })).toThrow("digitDiscriminator() wants dropout to be less than 1");
    expect(() => digitDiscriminator({ widht: 1 } as never)).toThrow("widht");
    generator.dispose();
    discriminator.dispose();
  });

  it("make images from -1 to 1, and one logit of each", () => {
    const { generator, discriminator } = networks();
    tf.tidy(() => {
      const images = generator.predict(tf.randomNormal([3, 100])) as tf.Tensor;
      expect(images.shape).toEqual([3, 28, 28, 1]);
      expect(images.abs().max().dataSync()[0]).toBeLessThanOrEqual(1);
      expect((discriminator.predict(images) as tf.Tensor).shape).toEqual([3, 1]);
    });
    generator.dispose();
    discriminator.dispose();
  });

  it("are the same for a seed, and other ones for another", () => {
    const first = (seed: number) => {
      const model = tf.sequential({ layers: digitDiscriminator({ seed }) });
      const values = Array.from(model.weights[0].read().dataSync());
      model.dispose();
      return values;
    };
    expect(first(1)).toEqual(first(1));
    expect(first(1)).not.toEqual(first(2));
  });

  it("play, compiled, without a tensor more from round to round", () => {
    const gan = new Gan({ ...networks(), average: 0 });
    const real = tf.zeros([4, 28, 28, 1]);
    const round = compile((x: tf.Tensor4D) => [gan.discriminatorStep(x), gan.generatorStep(4)]);
    for (let i = 0; i < 3; i++) tf.dispose(round(real as tf.Tensor4D));
    const before = tf.memory().numTensors;
    for (let i = 0; i < 3; i++) tf.dispose(round(real as tf.Tensor4D));
    expect(tf.memory().numTensors).toBe(before);
    round.dispose();
    real.dispose();
    gan.dispose();
    gan.generator.dispose();
    gan.discriminator.dispose();
  });
});
