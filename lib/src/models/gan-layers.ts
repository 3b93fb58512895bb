import { checkInteger, checkNumber, checkOptions, refuse } from "../check";
import { tf } from "../tensorflow";
import { glorotUniforms } from "./seeded";

export interface ImageGeneratorOptions {
  /** Numbers of noise for each image. @default 100 */
  latentSize?: number;
  /** Where the initial weights come from: the same seed gives the same network. @default 0 */
  seed?: number | string;
  /** Filters of each layer, as a share of those in the network's description. @default 1 */
  width?: number;
  /** Batch normalisation before each leaky ReLU. @default false */
  batchNorm?: boolean;
}

export interface ImageDiscriminatorOptions {
  /** Where the initial weights come from: the same seed gives the same network. @default 0 */
  seed?: number | string;
  /** Share of the activations hidden after each convolution while training. @default 0.3 */
  dropout?: number;
  /** Filters of each layer, as a share of those in the network's description. @default 1 */
  width?: number;
}

/**
 * The parts of a generator of images, each with initial weights of its own.
 *
 * @param where the function to name in errors @param stream names the stream of random numbers
 */
export function generatorParts(where: string, stream: string, options: ImageGeneratorOptions) {
  checkOptions(where, options, ["latentSize", "seed", "width", "batchNorm"]);
  const { latentSize = 100, seed = 0, width = 1, batchNorm = false } = options;
  checkInteger(where, "latentSize", latentSize, { min: 1 });
  const filters = filtersOf(where, width);
  const initial = glorotUniforms(`${stream} ${seed}`);
  // Samples are made by the running moments: at Keras' 0.99 these lag behind weights that change this fast, and samples look
  // worse than those that the discriminator saw.
  const activation = () => [
    ...(batchNorm ? [tf.layers.batchNormalization({ momentum: 0.9 })] : []),
    tf.layers.leakyReLU({ alpha: 0.2 }),
  ];
  const useBias = !batchNorm; // the normalisation would take it away again
  return {
    /** Noise to `[batch, side, side, count]`. */
    start: (side: number, count: number): tf.layers.Layer[] => [
      tf.layers.dense({
        ...{ units: side * side * filters(count), kernelInitializer: initial(), useBias, inputShape: [latentSize] },
      }),
      ...activation(),
      tf.layers.reshape({ targetShape: [side, side, filters(count)] }),
    ],
    /** Twice the side. */
    larger: (count: number): tf.layers.Layer[] => [
      tf.layers.conv2dTranspose({
        ...{ filters: filters(count), kernelSize: 4, strides: 2, padding: "same", useBias },
        kernelInitializer: initial(),
      }),
      ...activation(),
    ],
    /** Pixels from -1 to 1. */
    pixels: (channels: number): tf.layers.Layer =>
      tf.layers.conv2d({
        ...{ filters: channels, kernelSize: 7, padding: "same", activation: "tanh" },
        kernelInitializer: initial(),
      }),
  };
}

/** The parts of a discriminator of images, as `generatorParts` has a generator's. */
export function discriminatorParts(where: string, stream: string, options: ImageDiscriminatorOptions) {
  checkOptions(where, options, ["seed", "dropout", "width"]);
  const { seed = 0, dropout = 0.3, width = 1 } = options;
  if (checkNumber(where, "dropout", dropout, { min: 0 }) >= 1) refuse(where, "dropout", "less than 1", dropout);
  const filters = filtersOf(where, width);
  const initial = glorotUniforms(`${stream} ${seed}`);
  return {
    /** Half the side. */
    halved: (count: number, inputShape?: number[]): tf.layers.Layer[] => [
      tf.layers.conv2d({
        ...{ filters: filters(count), kernelSize: 3, strides: 2, padding: "same", inputShape },
        kernelInitializer: initial(),
      }),
      tf.layers.leakyReLU({ alpha: 0.2 }),
      tf.layers.dropout({ rate: dropout }),
    ],
    /** One logit for each image. */
    logit: (): tf.layers.Layer[] => [tf.layers.flatten(), tf.layers.dense({ units: 1, kernelInitializer: initial() })],
  };
}

/** How many filters a layer has at some width. */
export function filtersOf(where: string, width: number): (count: number) => number {
  checkNumber(where, "width", width, { min: Number.MIN_VALUE });
  return (count) => Math.max(1, Math.round(width * count));
}
