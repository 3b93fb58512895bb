import { checkInteger, checkOptions, checkShape, refuse } from "../check";
import { generator, RandomGenerator } from "../random";
import { tf } from "../tensorflow";
import { initializer } from "./seeded";

/** Takes pixels from 0 to 1 to about mean 0 and deviation 1 over CIFAR-10's training images, all channels alike. */
export const cifar10Scale = { scale: 4, offset: -1.9 } as const;

export interface FastCifar10Options {
  /** Where the initial weights come from: the same seed gives the same network. @default 0 */
  seed?: number | string;
  /** Filters of the three groups. @default [64, 256, 256] */
  widths?: readonly [number, number, number];
  /** Kernel of the first convolution, from `whiteningKernel` of images on `cifar10Scale`; the model copies it when it is made. @default 3x3, 24 filters, to be learned */
  whitening?: tf.Tensor4D;
  /** Batch norm after each convolution but the first; without it convolutions have biases. @default true */
  normalize?: boolean;
  /** Each group's second convolution adds to what it got, `x + f(x)`, in place of replacing it. @default false */
  residual?: boolean;
  /** Convolutions start as the identity as far as they can, in place of Glorot's uniform weights. @default true */
  identity?: boolean;
  /** @default "swish" */
  activation?: "relu" | "swish";
}

/**
 * A network for fast training on CIFAR-10: a first convolution, three groups of two, one dense layer; with its standard
 * options and a whitening kernel 1,971,128 parameters and 0.24 billion multiplications and additions an image, counted as two.
 *
 * A group is convolution, pool, batch norm, activation, convolution, batch norm, activation: by pooling right after the
 * first convolution, the costly ones see small images. Batch norm has no scale, since each is followed by a
 * convolution that can scale as well. The scores are divided by the last width, which gives the dense layer
 * weights near 1.
 *
 * Page: How to train your ResNet, 2018 and 2019; Jordan: 94 % on CIFAR-10 in 3.29 seconds on a single GPU, 2024,
 * arXiv:2404.00498, whose shape this is (with GELU there; swish is nearly the same curve and one op); identity at the start:
 * Zagoruyko and Komodakis: DiracNets, 2017, arXiv:1706.00388.
 *
 * @returns the layers, for `tf.sequential({ layers })`; images `[batch, 32, 32, 3]` from 0 to 1 in, logits `[batch, 10]` out. With a
 *   whitening kernel the first weight is that kernel, and training leaves it out
 * @throws RangeError where widths are no three whole numbers or the kernel is not `[size, size, 3, filters]`
 */
export function fastCifar10(options: FastCifar10Options = {}): tf.layers.Layer[] {
  const where = "fastCifar10()";
  checkOptions(where, options, ["seed", "widths", "whitening", "normalize", "residual", "identity", "activation"]);
  const { seed = 0, widths = [64, 256, 256], whitening, activation = "swish" } = options;
  if (widths.length !== 3) refuse(where, "widths", "three numbers of filters", widths);
  widths.forEach((width, i) => checkInteger(where, `widths[${i}]`, width, { min: 1 }));
  if (whitening) checkShape(where, "whitening", whitening, [null, null, 3, null]);
  const streams = generator(seed).split("fast cifar-10");
  const [size, , , filters] = whitening?.shape ?? [3, 3, 3, 24];
  const side = whitening ? 33 - size : 32;
  return [
    tf.layers.rescaling({ ...cifar10Scale, inputShape: [32, 32, 3] }),
    whitening
      ? tf.layers.conv2d({ filters, kernelSize: size, kernelInitializer: initializer(() => whitening.clone()) })
      : tf.layers.conv2d(look({ normalize: false, identity: false }, streams, filters)),
    tf.layers.activation({ activation }), // [batch, 31, 31, 24], without whitening [batch, 32, 32, 24]
    ...widths.flatMap((width, i) => {
      const inside = Math.floor(side / 2 ** (i + 1)); // 15, 7 and 3, without whitening 16, 8 and 4
      return group(options, streams, [inside, inside, width]);
    }),
    tf.layers.maxPooling2d({ poolSize: Math.floor(side / 8) }), // [batch, 1, 1, 256]
    tf.layers.flatten(),
    tf.layers.dense({ units: 10, useBias: false, kernelInitializer: deviationOne(streams) }),
    tf.layers.rescaling({ scale: 1 / widths[2] }),
  ];
}

/** Convolution, pool, then one more convolution at the smaller size; `inside` is `[height, width, filters]` there. */
function group(options: FastCifar10Options, streams: RandomGenerator, inside: number[]) {
  const { normalize = true, residual = false, activation = "swish" } = options;
  const filters = inside[2];
  const after = (): tf.layers.Layer[] => [
    // Momentum 0.6: the averages follow within a few of the some hundred steps that there are.
    ...(normalize ? [tf.layers.batchNormalization({ scale: false, momentum: 0.6, epsilon: 1e-5 })] : []),
    tf.layers.activation({ activation }),
  ];
  const first = [tf.layers.conv2d(look(options, streams, filters)), tf.layers.maxPooling2d({ poolSize: 2 })];
  const second = () => [tf.layers.conv2d(look(options, streams, filters)), ...after()];
  return [...first, ...after(), ...(residual ? [added(inside, second())] : second())];
}

/** `x + f(x)`, where f are these layers, as one layer. He et al.: Deep residual learning for image recognition. CVPR 2016. */
function added(shape: number[], layers: tf.layers.Layer[]): tf.layers.Layer {
  const x = tf.input({ shape });
  const f = layers.reduce((y, layer) => layer.apply(y) as tf.SymbolicTensor, x);
  return tf.model({ inputs: x, outputs: tf.layers.add().apply([x, f]) as tf.SymbolicTensor });
}

/** A convolution of 3x3 pixels. */
function look(options: FastCifar10Options, streams: RandomGenerator, filters: number) {
  const { normalize = true, identity = true } = options;
  const kernelInitializer = identity
    ? identityKernel(streams)
    : tf.initializers.glorotUniform({ seed: streams.integer(0, 2 ** 31) });
  return { filters, kernelSize: 3, padding: "same", useBias: !normalize, kernelInitializer } as const;
}

/** The centre of filter k passes channel k on; filters beyond the channels are uniform, `±1 / √(9 · from)`. */
function identityKernel(streams: RandomGenerator) {
  const stream = streams.split(`${streams.integer(0, 2 ** 31)}`);
  return initializer(([height, width, from, filters]) => {
    const size = 1 / Math.sqrt(height * width * from);
    const values = Float32Array.from({ length: height * width * from * filters }, (_, i) => {
      const [place, input, filter] = [Math.floor(i / filters / from), Math.floor(i / filters) % from, i % filters];
      if (filter >= from) return stream.uniform(-size, size);
      return place === 4 && input === filter ? 1 : 0;
    });
    return tf.tensor4d(values, [height, width, from, filters]);
  });
}

/** Uniform weights of standard deviation 1. */
function deviationOne(streams: RandomGenerator) {
  const maxval = Math.sqrt(3);
  return tf.initializers.randomUniform({ minval: -maxval, maxval, seed: streams.integer(0, 2 ** 31) });
}
