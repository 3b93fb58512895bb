import { checkOptions } from "../check";
import { tf } from "../tensorflow";
import { glorotUniforms } from "./seeded";

export interface FirstCifar10Options {
  /** Where the initial weights come from: the same seed gives the same network. @default 0 */
  seed?: number | string;
  /** End in logits, without the softmax: for losses that have it inside. @default false */
  logits?: boolean;
}

/**
 * The first CIFAR-10 network of many tutorials: three convolutions with pooling, two dense layers, 160,202 parameters.
 *
 * Written like this, "conv 32 3x3, relu; pool 2; conv 64; pool 2; conv 128; pool 2; flatten; dense 128, relu; dense 10,
 * softmax", it leaves two things open, and both are taken as Keras has them where nothing is said: no padding ("valid"),
 * so that each convolution loses a pixel on each side, and Glorot's uniform initial weights with biases of zero. The
 * later convolutions are 3x3 with relu as the first is.
 *
 * @returns the layers, for `tf.sequential({ layers })`; images `[batch, 32, 32, 3]` in, probabilities `[batch, 10]` out
 */
export function threeConvolutions(options: FirstCifar10Options = {}): tf.layers.Layer[] {
  checkOptions("threeConvolutions()", options, ["seed", "logits"]);
  const initial = glorotUniforms(options.seed ?? 0);
  const conv = (filters: number, inputShape?: number[]) =>
    tf.layers.conv2d({ filters, kernelSize: 3, activation: "relu", kernelInitializer: initial(), inputShape });
  const pool = () => tf.layers.maxPooling2d({ poolSize: 2 });
  return [
    conv(32, [32, 32, 3]), // [batch, 30, 30, 32]
    pool(), //                [batch, 15, 15, 32]
    conv(64), //              [batch, 13, 13, 64]
    pool(), //                [batch, 6, 6, 64]
    conv(128), //             [batch, 4, 4, 128]
    pool(), //                [batch, 2, 2, 128]
    tf.layers.flatten(), //   [batch, 512]
    tf.layers.dense({ units: 128, activation: "relu", kernelInitializer: initial() }),
    tf.layers.dense({ units: 10, activation: options.logits ? undefined : "softmax", kernelInitializer: initial() }),
  ];
}

/**
 * A CIFAR-10 network of "five convolutional and three dense layers": 438,282 parameters.
 *
 * These words leave nearly all open. Five and three is the form of AlexNet, so the pools stand where it has them, after
 * the first, the second and the fifth convolution. Filters of 3x3 and 32, 64 and 128 of them are those of
 * `threeConvolutions`; the dense layers halve, 128 and 64 before the ten classes. The padding is "same": without it five
 * convolutions and three pools use up 32 pixels before the end. Relu, softmax and Glorot's uniform weights as above.
 *
 * Krizhevsky, Sutskever and Hinton: ImageNet classification with deep convolutional neural networks. NIPS 2012.
 *
 * @returns the layers, for `tf.sequential({ layers })`; images `[batch, 32, 32, 3]` in, probabilities `[batch, 10]` out
 */
export function fiveConvolutions(options: FirstCifar10Options = {}): tf.layers.Layer[] {
  checkOptions("fiveConvolutions()", options, ["seed", "logits"]);
  const initial = glorotUniforms(options.seed ?? 0);
  const look = { kernelSize: 3, padding: "same", activation: "relu" } as const;
  const conv = (filters: number, inputShape?: number[]) =>
    tf.layers.conv2d({ ...look, filters, kernelInitializer: initial(), inputShape });
  const pool = () => tf.layers.maxPooling2d({ poolSize: 2 });
  return [
    conv(32, [32, 32, 3]), // [batch, 32, 32, 32]
    pool(), //                [batch, 16, 16, 32]
    conv(64), //              [batch, 16, 16, 64]
    pool(), //                [batch, 8, 8, 64]
    conv(64),
    conv(64),
    conv(128), //             [batch, 8, 8, 128]
    pool(), //                [batch, 4, 4, 128]
    tf.layers.flatten(), //   [batch, 2048]
    tf.layers.dense({ units: 128, activation: "relu", kernelInitializer: initial() }),
    tf.layers.dense({ units: 64, activation: "relu", kernelInitializer: initial() }),
    tf.layers.dense({ units: 10, activation: options.logits ? undefined : "softmax", kernelInitializer: initial() }),
  ];
}
