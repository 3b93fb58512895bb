import { checkFunction, checkInteger, checkOptions, refuse } from "../check";
import { tf } from "../tensorflow";
import { digitDiscriminator, digitGenerator } from "./digit-gan";
import { filtersOf, ImageDiscriminatorOptions, ImageGeneratorOptions } from "./gan-layers";
import { glorotUniforms } from "./seeded";

export interface ConditionalDigitGeneratorOptions extends ImageGeneratorOptions {
  /** How many classes there are. @default 10 */
  classes?: number;
}

/**
 * `digitGenerator` that is told what to draw: the class, one-hot, comes beside the noise, so that its first layer adds to
 * each of its numbers one that the class brings along.
 *
 * Mirza and Osindero: Conditional generative adversarial nets. 2014, arXiv:1411.1784.
 *
 * @returns a model, to be disposed of by the caller; latents `[batch, latentSize]` and classes `[batch, classes]` in, images
 *   `[batch, 28, 28, 1]` from -1 to 1 out
 * @throws TypeError, RangeError for other options
 */
export function conditionalDigitGenerator(options: ConditionalDigitGeneratorOptions = {}): tf.LayersModel {
  const where = "conditionalDigitGenerator()";
  checkOptions(where, options, ["latentSize", "seed", "classes", "width", "batchNorm"]);
  const { latentSize = 100, classes = 10, ...rest } = options;
  checkInteger(where, "latentSize", latentSize, { min: 1 });
  checkInteger(where, "classes", classes, { min: 2 });
  const [latents, asked] = [tf.input({ shape: [latentSize] }), tf.input({ shape: [classes] })];
  const both = tf.layers.concatenate().apply([latents, asked]) as tf.SymbolicTensor; // [batch, latentSize + classes]
  const images = through(digitGenerator({ ...rest, latentSize: latentSize + classes }), both);
  return tf.model({ inputs: [latents, asked], outputs: images });
}

export interface ConditionalDigitDiscriminatorOptions extends ImageDiscriminatorOptions {
  /** How many classes there are. @default 10 */
  classes?: number;
  /**
   * Done to the layers before they are put together, such as `gan.spectralNorm`: the last dense one, that of the classes'
   * vectors, then all others from the first on. It gives back as many, in the same order. @default nothing
   */
  layers?: (layers: tf.layers.Layer[]) => tf.layers.Layer[];
}

/**
 * `digitDiscriminator` that also asks whether an image is of its class, by projection: `D(x, y) = w·φ(x) + b + v_y·φ(x)`, where
 * φ are the features before its last layer, and v_y is a vector learned for each class.
 *
 * Miyato and Koyama: cGANs with projection discriminator. ICLR 2018, arXiv:1802.05637.
 *
 * @returns a model, to be disposed of by the caller; images `[batch, 28, 28, 1]` and classes `[batch, classes]` in, logits
 *   `[batch, 1]` out
 * @throws TypeError, RangeError for other options, and where `layers` gives back another number of them
 */
export function conditionalDigitDiscriminator(options: ConditionalDigitDiscriminatorOptions = {}): tf.LayersModel {
  const where = "conditionalDigitDiscriminator()";
  checkOptions(where, options, ["seed", "dropout", "width", "classes", "layers"]);
  const { classes = 10, layers = (all) => all, ...rest } = options;
  checkInteger(where, "classes", classes, { min: 2 });
  checkFunction(where, "layers", layers);
  const parts = digitDiscriminator(rest);
  const initial = glorotUniforms(`projection ${rest.seed ?? 0}`);
  const embedding = tf.layers.dense({
    units: 7 * 7 * filtersOf(where, rest.width ?? 1)(128),
    useBias: false,
    kernelInitializer: initial(),
  });
  const given = [parts[parts.length - 1], embedding, ...parts.slice(0, -1)];
  const changed = layers(given);
  if (changed?.length !== given.length) {
    refuse(where, "layers", `a function that gives ${given.length} layers back`, changed?.length);
  }
  const [last, embed, ...body] = changed;
  const [images, asked] = [tf.input({ shape: [28, 28, 1] }), tf.input({ shape: [classes] })];
  const features = through(body, images); // [batch, 6272]
  const match = tf.layers.dot({ axes: 1 }).apply([features, embed.apply(asked) as tf.SymbolicTensor]); // [batch, 1]
  const logits = tf.layers.add().apply([last.apply(features), match] as tf.SymbolicTensor[]) as tf.SymbolicTensor;
  return tf.model({ inputs: [images, asked], outputs: logits });
}

const through = (layers: tf.layers.Layer[], input: tf.SymbolicTensor): tf.SymbolicTensor =>
  layers.reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, input);
