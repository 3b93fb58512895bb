import { join } from "node:path";
import { fastCifar10, trainedModel } from "../models";
import { tf } from "../tensorflow";
import { FAST_RECIPE } from "./recipes";
import { cifar10Runs } from "./run-log";

/** The weights that come with nablab. */
const FILE = join(cifar10Runs, "94-seed-1.safetensors");

/**
 * The network of `FAST_RECIPE`, trained: images `[batch, 32, 32, 3]` from 0 to 1 in, logits `[batch, 10]` out. Its weights
 * are rounded to half precision; `runLogs("94 seed 1")` has the log of its training, with its accuracy on the test images.
 *
 * @returns a model, to be disposed of by the caller
 * @throws Error where its weights are missing, RangeError where they are damaged
 */
export function cifar10Network({ file = FILE }: { file?: string } = {}): tf.Sequential {
  const whitening = tf.zeros<tf.Rank.R4>([2, 2, 3, 24]); // the file has the kernel
  const { widths, normalize, residual, identity } = FAST_RECIPE;
  const layers = fastCifar10({ widths, normalize, residual, identity, whitening });
  try {
    return trainedModel("cifar10Network()", file, layers, "train-cifar10.js fast 94 10 1 save");
  } finally {
    whitening.dispose();
  }
}
