import type { tf } from "../tensorflow";
import { discriminatorParts, generatorParts, ImageDiscriminatorOptions, ImageGeneratorOptions } from "./gan-layers";

/**
 * A generator of digits: noise through a dense layer to 7 x 7 x 256, and from there by two transposed convolutions to 28 x 28;
 * 1,925,633 parameters for 100 numbers of noise.
 *
 * It is the network of many tutorials. Where their text has "dense 256, reshape to 7 x 7 x 256", 256 numbers would have to
 * become 12,544: the dense layer makes them all here. Its tanh answers from -1 to 1, so the data must lie there as well,
 * `x * 2 - 1` for digits from 0 to 1. Trained on such data as it stands, it soon paints paper alone, where the tanh has no
 * slope left to learn by; batch normalisation keeps it from that.
 *
 * Radford, Metz and Chintala: Unsupervised representation learning with deep convolutional generative adversarial networks.
 * ICLR 2016, arXiv:1511.06434 (batch normalisation in the generator).
 *
 * @returns the layers, for `tf.sequential({ layers })`; latents `[batch, latentSize]` in, images `[batch, 28, 28, 1]` out
 */
export function digitGenerator(options: ImageGeneratorOptions = {}): tf.layers.Layer[] {
  const { start, larger, pixels } = generatorParts("digitGenerator()", "generator", options);
  return [
    ...start(7, 256), // [batch, 7, 7, 256]
    ...larger(128), // [batch, 14, 14, 128]
    ...larger(64), // [batch, 28, 28, 64]
    pixels(1), // [batch, 28, 28, 1]
  ];
}

/**
 * A discriminator of digits: two convolutions of stride 2 with leaky ReLU and dropout, and a dense layer to one logit; 80,769
 * parameters.
 *
 * @returns the layers, for `tf.sequential({ layers })`; images `[batch, 28, 28, 1]` in, logits `[batch, 1]` out
 */
export function digitDiscriminator(options: ImageDiscriminatorOptions = {}): tf.layers.Layer[] {
  const { halved, logit } = discriminatorParts("digitDiscriminator()", "discriminator", options);
  return [
    ...halved(64, [28, 28, 1]), // [batch, 14, 14, 64]
    ...halved(128), // [batch, 7, 7, 128]
    ...logit(), // [batch, 1]
  ];
}
