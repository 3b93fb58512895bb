import { describe, expect, it } from "vitest";
import { digitDiscriminator, digitGenerator } from "../../../lib/src/models";
import { Gan } from "../../../lib/src/gan";
import { compile } from "../../../lib/src/capture";
import { setRandomSeed } from "../../../lib/src/kernels";
import { tf } from "../../../lib/src/tensorflow";

setRandomSeed(0); // makes the one variable that stays, before anybody counts

const networks = () => ({
  generator: tf.sequential({ layers: digitGenerator() }),
  discriminator: tf.sequential({ layers: digitDiscriminator() }),
});

describe("the networks of a digit GAN", () => {
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
    expect(() => digitGenerator({ width: -1 })).toThrow("width");
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
