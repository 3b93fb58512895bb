import type { tf } from "../tensorflow";
import { discriminatorParts, generatorParts, ImageDiscriminatorOptions, ImageGeneratorOptions } from "./gan-layers";

/**
 * A generator of small photographs: `digitGenerator` made for colour at 32 x 32, with one doubling more; noise to 4 x 4 x 256,
 * and from there by three transposed convolutions; 1,106,755 parameters for 100 numbers of noise.
 *
 * @returns the layers, for `tf.sequential({ layers })`; latents `[batch, latentSize]` in, images `[batch, 32, 32, 3]` from -1 to
 *   1 out
 */
export function pictureGenerator(options: ImageGeneratorOptions = {}): tf.layers.Layer[] {
  const { start, larger, pixels } = generatorParts("pictureGenerator()", "picture generator", options);
  return [
    ...start(4, 256), // [batch, 4, 4, 256]
    ...larger(128), // [batch, 8, 8, 128]
    ...larger(64), // [batch, 16, 16, 64]
    ...larger(32), // [batch, 32, 32, 32]
    pixels(3), // [batch, 32, 32, 3]
  ];
}

/**
 * A discriminator of small photographs: `digitDiscriminator` with three convolutions of stride 2 in place of two; 374,913
 * parameters.
 *
 * @returns the layers, for `tf.sequential({ layers })`; images `[batch, 32, 32, 3]` in, logits `[batch, 1]` out
 */
export function pictureDiscriminator(options: ImageDiscriminatorOptions = {}): tf.layers.Layer[] {
  const { halved, logit } = discriminatorParts("pictureDiscriminator()", "picture discriminator", options);
  return [
    ...halved(64, [32, 32, 3]), // [batch, 16, 16, 64]
    ...halved(128), // [batch, 8, 8, 128]
    ...halved(256), // [batch, 4, 4, 256]
    ...logit(), // [batch, 1]
  ];
}
