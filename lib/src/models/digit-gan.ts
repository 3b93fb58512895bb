import { checkInteger, checkNumber, checkOptions } from "../check";
import { tf } from "../tensorflow";
import { glorotUniforms } from "./seeded";

export interface DigitGeneratorOptions {
  /** Numbers of noise for each image. @default 100 */
  latentSize?: number;
  /** Where the initial weights come from: the same seed gives the same network. @default 0 */
  seed?: number | string;
}

/**
 * A generator of digits: noise through a dense layer to 7 x 7 x 256, and from there by two transposed convolutions to 28 x 28;
 * 1,925,633 parameters for 100 numbers of noise.
 *
 * It is the network of many tutorials. Where their text has "dense 256, reshape to 7 x 7 x 256", 256 numbers would have to
 * become 12,544: the dense layer makes them all here. Its tanh answers from -1 to 1, so the data must lie there as well,
 * `x * 2 - 1` for digits from 0 to 1.
 *
 * @returns the layers, for `tf.sequential({ layers })`; latents `[batch, latentSize]` in, images `[batch, 28, 28, 1]` out
 */
export function digitGenerator(options: DigitGeneratorOptions = {}): tf.layers.Layer[] {
  checkOptions("digitGenerator()", options, ["latentSize", "seed"]);
  const { latentSize = 100, seed = 0 } = options;
  checkInteger("digitGenerator()", "latentSize", latentSize, { min: 1 });
  const initial = glorotUniforms(`generator ${seed}`);
  const leaky = () => tf.layers.leakyReLU({ alpha: 0.2 });
  const larger = (filters: number) =>
    tf.layers.conv2dTranspose({ filters, kernelSize: 4, strides: 2, padding: "same", kernelInitializer: initial() });
  return [
    tf.layers.dense({ units: 7 * 7 * 256, kernelInitializer: initial(), inputShape: [latentSize] }),
    leaky(),
    tf.layers.reshape({ targetShape: [7, 7, 256] }),
    larger(128), // [batch, 14, 14, 128]
    leaky(),
    larger(64), // [batch, 28, 28, 64]
    leaky(),
    tf.layers.conv2d({
      ...{ filters: 1, kernelSize: 7, padding: "same", activation: "tanh" },
      kernelInitializer: initial(),
    }), // [batch, 28, 28, 1]
  ];
}

export interface DigitDiscriminatorOptions {
  /** Where the initial weights come from: the same seed gives the same network. @default 0 */
  seed?: number | string;
  /** Share of the activations hidden after each convolution while training. @default 0.3 */
  dropout?: number;
}

/**
 * A discriminator of digits: two convolutions of stride 2 with leaky ReLU and dropout, and a dense layer to one logit; 80,769
 * parameters.
 *
 * @returns the layers, for `tf.sequential({ layers })`; images `[batch, 28, 28, 1]` in, logits `[batch, 1]` out
 */
export function digitDiscriminator(options: DigitDiscriminatorOptions = {}): tf.layers.Layer[] {
  checkOptions("digitDiscriminator()", options, ["seed", "dropout"]);
  const { seed = 0, dropout = 0.3 } = options;
  checkNumber("digitDiscriminator()", "dropout", dropout, { min: 0, max: 1 });
  const initial = glorotUniforms(`discriminator ${seed}`);
  const halved = (filters: number, inputShape?: number[]): tf.layers.Layer[] => [
    tf.layers.conv2d({
      ...{ filters, kernelSize: 3, strides: 2, padding: "same", inputShape },
      kernelInitializer: initial(),
    }),
    tf.layers.leakyReLU({ alpha: 0.2 }),
    tf.layers.dropout({ rate: dropout }),
  ];
  return [
    ...halved(64, [28, 28, 1]), // [batch, 14, 14, 64]
    ...halved(128), // [batch, 7, 7, 128]
    tf.layers.flatten(), // [batch, 6272]
    tf.layers.dense({ units: 1, kernelInitializer: initial() }),
  ];
}
