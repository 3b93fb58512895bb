import { checkOptions, refuse } from "../check";
import type { Pictures } from "../data";
import { take } from "../data/examples";
import { AdamW, oneCycle } from "../optim";
import { candidateTrainer } from "./evaluate";
import type { Evaluator } from "./outcome";
import { smallCnn, SMALL_CNN_PARAMETERS, type SmallCnn } from "./small-cnn-space";
import { toModel } from "./to-model";

/**
 * How the networks of `smallCnnTable()` were trained. The learning rate was chosen among 0.004, 0.005, 0.008, 0.012 and
 * 0.015, one seed each, on five of the networks and other validation images: 0.008 suits those with and those without batch
 * norm.
 */
export const SMALL_CNN_RECIPE = {
  /** The first images of CIFAR-10's training set are learned from, */
  train: 5000,
  /** and so many that follow them give the score. */
  validation: 5000,
  epochs: 5,
  batchSize: 100,
  /** Of AdamW at its highest, in one cycle. */
  learningRate: 0.008,
  weightDecay: 0.01,
  /** What matrix products and convolutions compute with. */
  precision: "bfloat16",
} as const;

export interface SmallCnnTrainerOptions {
  /** Of the initial weights and the order of the images; which images they are is the same for all seeds. @default 0 */
  seed?: number | string;
  /** @default 5, as in the recipe */
  epochs?: number;
}

/**
 * Trains networks of `smallCnnSpace` as those of `smallCnnTable()` were trained, by `SMALL_CNN_RECIPE`. The score is the
 * accuracy on the validation images after the last epoch.
 *
 * @param images CIFAR-10's training set or its first 10,000 images, from 0 to 1; the caller's, who may free them then
 * @throws RangeError where there are too few
 * @example
 * const { train } = await data.cifar10({ limit: 10_000 });
 * const search = nas.randomSearch(nas.smallCnnSpace, { evaluations: 10 });
 * const { best } = await nas.runSearch(search, nas.smallCnnTrainer(train));
 */
export function smallCnnTrainer(images: Pictures, options: SmallCnnTrainerOptions = {}): Evaluator<SmallCnn> {
  checkOptions("smallCnnTrainer()", options, ["seed", "epochs"]);
  const { train, validation, batchSize, precision, ...recipe } = SMALL_CNN_RECIPE;
  const { seed = 0, epochs = recipe.epochs } = options;
  if (images.size < train + validation) {
    const remedy = `data.cifar10({ limit: ${train + validation} }).`;
    refuse("smallCnnTrainer()", "images", `at least ${train + validation} images`, images.size, { remedy });
  }
  const [learned, judged] = [take(images, train), take(images, validation, train)];
  try {
    return candidateTrainer<SmallCnn>({
      ...{ data: learned, validation: judged, epochs, batchSize, seed, compile: { precision } },
      model: (genotype, { seed: weights }) =>
        toModel(smallCnn(genotype), { inputShape: [32, 32, 3], seed: weights, maxParameters: SMALL_CNN_PARAMETERS }),
      optimizer: ({ steps }) =>
        new AdamW({
          learningRate: recipe.learningRate,
          weightDecay: recipe.weightDecay,
          schedule: oneCycle({ steps }),
        }),
      loss: "softmaxCrossEntropy",
      setup: { recipe: "small CNNs 1" },
    });
  } finally {
    learned.dispose();
    judged.dispose();
  }
}
