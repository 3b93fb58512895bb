import { cifar10, examples, mnist, take, type Examples } from "../data";
import {
  buildDigitGan,
  buildPictureGan,
  DIGIT_GANS,
  digitGanRuns,
  PICTURE_GANS,
  pictureGanRuns,
  readDigits,
  readPictures,
  type GanRecipe,
  type ImageReading,
  type RecipePair,
} from "../gan";
import { digitClassifier } from "../models";
import { tf } from "../tensorflow";
import { cifar10Network } from "../vision";

/** What GANs are trained on: images with the networks for them, and a classifier that judges samples. */
export interface GanSubject {
  recipes: Record<string, GanRecipe>;
  /** Where the runs' files are. */
  folder: string;
  build(recipe: GanRecipe, seed: number): RecipePair;
  load(options: SubjectOptions): Promise<LoadedSubject>;
  /** Samples after each epoch and at the end; how many real images they are measured against, and how often. */
  along: Measuring;
  final: Measuring;
}

export interface SubjectOptions {
  /** Only the first so many training images, and as many test images. */
  limit?: number;
  /** Of digits, see `mnist`. */
  source?: "auto" | "full" | "embedded";
}

export interface LoadedSubject {
  /** Images from 0 to 1. */
  train: Examples<tf.Tensor4D, tf.Tensor1D>;
  test: Examples<tf.Tensor4D, tf.Tensor1D>;
  read(images: tf.Tensor4D): ImageReading;
  dispose(): void;
}

export interface Measuring {
  samples: number;
  size: number;
  repeats: number;
  /** Not after each epoch, but after the first and every so many. @default 1 */
  every?: number;
}

export const GAN_SUBJECTS = {
  mnist: {
    recipes: DIGIT_GANS,
    folder: digitGanRuns,
    build: buildDigitGan,
    load: async ({ limit, source }) => {
      const { train, test } = await mnist({ limit, source });
      return judged(train, first(test, limit), digitClassifier, readDigits);
    },
    along: { samples: 2000, size: 1000, repeats: 2 },
    final: { samples: 10_000, size: 5000, repeats: 3 },
  },
  cifar10: {
    recipes: PICTURE_GANS,
    folder: pictureGanRuns,
    build: buildPictureGan,
    load: async ({ limit }) => {
      const { train, test } = await cifar10({ limit });
      return judged(train, first(test, limit), cifar10Network, readPictures);
    },
    // 256 features in place of 64: a distance takes a few seconds.
    along: { samples: 1000, size: 1000, repeats: 1, every: 5 },
    final: { samples: 10_000, size: 5000, repeats: 3 },
  },
} satisfies Record<string, GanSubject>;

/** The first so many of them; the rest is freed. */
function first(images: LoadedSubject["test"], limit = images.size): LoadedSubject["test"] {
  if (limit >= images.size) return images;
  const some = take(images, limit);
  images.dispose();
  return some;
}

function judged(
  train: LoadedSubject["train"],
  test: LoadedSubject["test"],
  trained: () => tf.LayersModel,
  read: (classifier: tf.LayersModel, images: tf.Tensor4D) => ImageReading,
): LoadedSubject {
  try {
    const classifier = trained();
    return {
      ...{ train, test, read: (images) => read(classifier, images) },
      dispose: () => [train, test, classifier].forEach((one) => one.dispose()),
    };
  } catch (error) {
    [train, test].forEach((one) => one.dispose());
    throw error;
  }
}

/** Images from 0 to 1 as a pair wants them, with tanh's -1 for paper or, as many tutorials have it, with 0. */
export function forPair(x: tf.Tensor4D, y: tf.Tensor1D, { paper }: GanRecipe): Examples {
  return examples(paper === -1 ? tf.tidy(() => tf.sub(tf.mul(x, 2), 1)) : x.clone(), y.clone());
}

/** What a generator made, as images from 0 to 1. */
export const fromPair = (x: tf.Tensor, { paper }: GanRecipe): tf.Tensor4D =>
  tf.tidy(() => (paper === -1 ? tf.div(tf.add(x, 1), 2) : tf.clipByValue(x, 0, 1))) as tf.Tensor4D;
