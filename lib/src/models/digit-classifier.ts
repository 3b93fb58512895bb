import { join } from "node:path";
import { checkOptions } from "../check";
import { generator } from "../random";
import { tf } from "../tensorflow";
import { trainedModel } from "./weights-file";

/** The weights that come with nablab. The path is the same seen from src/ and from dist/. */
export const digitClassifierFile = join(__dirname, "../../checkpoints/digit-classifier.safetensors");

/** The layer whose outputs describe a digit: 64 numbers from 0 up. */
export const digitFeatureLayer = "digit_features";

export interface DigitClassifierOptions {
  /** Where the initial weights come from: the same seed gives the same network. @default 0 */
  seed?: number | string;
  /** Share of the numbers hidden before each of the dense layers while training. @default 0.4 */
  dropout?: number;
}

/**
 * A network that reads digits: two convolutions with pooling, a dense layer of 64 features, a dense layer of ten scores;
 * 114,314 parameters.
 *
 * @returns the layers, for `tf.sequential({ layers })`; images `[batch, 28, 28, 1]` from 0 to 1 in, logits `[batch, 10]` out
 */
export function digitClassifierLayers(options: DigitClassifierOptions = {}): tf.layers.Layer[] {
  checkOptions("digitClassifierLayers()", options, ["seed", "dropout"]);
  const { seed = 0, dropout = 0.4 } = options;
  const streams = generator(seed).split("initial weights");
  const he = () => tf.initializers.heNormal({ seed: streams.integer(0, 2 ** 31) });
  const look = { kernelSize: 5, padding: "same", activation: "relu" } as const;
  return [
    tf.layers.conv2d({ ...look, filters: 16, kernelInitializer: he(), inputShape: [28, 28, 1] }), // [batch, 28, 28, 16]
    tf.layers.maxPooling2d({ poolSize: 2 }), // [batch, 14, 14, 16]
    tf.layers.conv2d({ ...look, filters: 32, kernelInitializer: he() }), // [batch, 14, 14, 32]
    tf.layers.maxPooling2d({ poolSize: 2 }), // [batch, 7, 7, 32]
    tf.layers.flatten(), // [batch, 1568]
    tf.layers.dropout({ rate: dropout }),
    tf.layers.dense({ units: 64, activation: "relu", kernelInitializer: he(), name: digitFeatureLayer }),
    tf.layers.dropout({ rate: dropout }),
    tf.layers.dense({ units: 10, kernelInitializer: he() }),
  ];
}

/**
 * The course's own reader of digits, trained: the network that judges generated digits. It was trained by
 * `lib/src/checkpoints/train-digit-classifier.ts`; the log of that run, with its accuracy on the test digits, lies beside
 * the weights in `lib/checkpoints/`.
 *
 * @returns a model, to be disposed of by the caller; images `[batch, 28, 28, 1]` from 0 to 1 in, logits `[batch, 10]` out
 * @throws Error where its weights are missing, RangeError where they are damaged
 */
export function digitClassifier({ file = digitClassifierFile }: { file?: string } = {}): tf.Sequential {
  return trainedModel("digitClassifier()", file, digitClassifierLayers(), "train-digit-classifier.js");
}
