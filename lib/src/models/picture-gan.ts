import { checkInteger, checkNumber, checkOptions } from "../check";
import { tf } from "../tensorflow";
import { DigitDiscriminatorOptions, DigitGeneratorOptions } from "./digit-gan";
import { glorotUniforms } from "./seeded";

/**
 * A generator of small photographs: `digitGenerator` made for colour at 32 x 32, with one doubling more; noise to 4 x 4 x 256,
 * and from there by three transposed convolutions; 1,106,755 parameters for 100 numbers of noise.
 *
 * @returns the layers, for `tf.sequential({ layers })`; latents `[batch, latentSize]` in, images `[batch, 32, 32, 3]` from -1 to
 *   1 out
 */
export function pictureGenerator(options: DigitGeneratorOptions = {}): tf.layers.Layer[] {
  checkOptions("pictureGenerator()", options, ["latentSize", "seed"]);
  const { latentSize = 100, seed = 0 } = options;
  checkInteger("pictureGenerator()", "latentSize", latentSize, { min: 1 });
  const initial = glorotUniforms(`picture generator ${seed}`);
  const leaky = () => tf.layers.leakyReLU({ alpha: 0.2 });
  const larger = (filters: number) => [
    tf.layers.conv2dTranspose({ filters, kernelSize: 4, strides: 2, padding: "same", kernelInitializer: initial() }),
    leaky(),
  ];
  return [
    tf.layers.dense({ units: 4 * 4 * 256, kernelInitializer: initial(), inputShape: [latentSize] }),
    leaky(),
    tf.layers.reshape({ targetShape: [4, 4, 256] }),
    ...larger(128), // [batch, 8, 8, 128]
    ...larger(64), // [batch, 16, 16, 64]
    ...larger(32), // [batch, 32, 32, 32]
    tf.layers.conv2d({
      ...{ filters: 3, kernelSize: 7, padding: "same", activation: "tanh" },
      kernelInitializer: initial(),
    }), // [batch, 32, 32, 3]
  ];
}

/**
 * A discriminator of small photographs: `digitDiscriminator` with three convolutions of stride 2 in place of two; 374,913
 * parameters.
 *
 * @returns the layers, for `tf.sequential({ layers })`; images `[batch, 32, 32, 3]` in, logits `[batch, 1]` out
 */
export function pictureDiscriminator(options: DigitDiscriminatorOptions = {}): tf.layers.Layer[] {
  checkOptions("pictureDiscriminator()", options, ["seed", "dropout"]);
  const { seed = 0, dropout = 0.3 } = options;
  checkNumber("pictureDiscriminator()", "dropout", dropout, { min: 0, max: 1 });
  const initial = glorotUniforms(`picture discriminator ${seed}`);
  const halved = (filters: number, inputShape?: number[]): tf.layers.Layer[] => [
    tf.layers.conv2d({
      ...{ filters, kernelSize: 3, strides: 2, padding: "same", inputShape },
      kernelInitializer: initial(),
    }),
    tf.layers.leakyReLU({ alpha: 0.2 }),
    tf.layers.dropout({ rate: dropout }),
  ];
  return [
    ...halved(64, [32, 32, 3]), // [batch, 16, 16, 64]
    ...halved(128), // [batch, 8, 8, 128]
    ...halved(256), // [batch, 4, 4, 256]
    tf.layers.flatten(), // [batch, 4096]
    tf.layers.dense({ units: 1, kernelInitializer: initial() }),
  ];
}
