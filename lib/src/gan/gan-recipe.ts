import { checkInteger, checkNumber, checkOneOf, checkOptions } from "../check";
import type { ImageDiscriminatorOptions, ImageGeneratorOptions } from "../models";
import { tf } from "../tensorflow";
import { Gan } from "./gan";
import type { GanLossName } from "./losses";
import { spectralNorm } from "./spectral-norm";

/** How a GAN of images is trained, in the runs behind the lessons. */
export interface GanRecipe {
  /** What the two play for, see `losses.ts`. */
  loss: GanLossName;
  /** Of both Adams. */
  learningRate: number;
  /** Of the discriminator's Adam, where it is another one. @default learningRate */
  discriminatorRate?: number;
  /** Momentum of both Adams, from 0 to less than 1. */
  beta1: number;
  /** Images in a step of the discriminator, and samples in each step. */
  batchSize: number;
  /** Both networks learn from the same samples, or the discriminator first, `criticSteps` times. */
  simultaneous: boolean;
  criticSteps: number;
  /** Share of the discriminator's activations that is hidden. */
  dropout: number;
  /** Weights of the penalties in the discriminator's loss, see `Gan`. */
  gradientPenalty: number;
  r1: number;
  /** The discriminator's layers go through `spectralNorm`. */
  spectralNorm: boolean;
  /** The networks are told the class. */
  conditional: boolean;
  /** The classes are so many clusters, found by `kMeans` in the images, in place of the labels. @default the labels */
  clusters?: number;
  /** The clusters are found among the images of each label, equally many: label 0 has the first ones. @default among all */
  withinLabels?: boolean;
  /** The generator's filters, as a share of the full ones. */
  width: number;
  /** The discriminator's filters, as a share of the full ones. @default 1 */
  discriminatorWidth?: number;
  /** Batch normalisation in the generator. */
  batchNorm: boolean;
  /** The lowest value of a pixel in the data: -1, as the generator's tanh makes them, or 0. */
  paper: -1 | 0;
  /** Decay of the averaged weights, which are measured next to the generator's own. */
  average: number;
  /** Of products and convolutions; weights are float32. */
  precision: "float32" | "bfloat16";
}

/**
 * The network of many tutorials as the paper behind them has it: pixels from -1 to 1, batch normalisation in the generator
 * and momentum of 0.5 (Radford, Metz and Chintala 2016).
 */
export const CORRECTED: GanRecipe = {
  loss: "nonSaturating",
  learningRate: 2e-4,
  beta1: 0.5,
  batchSize: 256,
  simultaneous: true,
  criticSteps: 1,
  dropout: 0.3,
  gradientPenalty: 0,
  r1: 0,
  spectralNorm: false,
  conditional: false,
  width: 1,
  batchNorm: true,
  paper: -1,
  average: 0.995,
  precision: "float32",
};

/**
 * The same with a quarter of the generator's filters, half of the discriminator's and a quarter of the batch: the same time
 * holds some thirty times as many rounds.
 */
export const SMALL: GanRecipe = { ...CORRECTED, width: 0.25, discriminatorWidth: 0.5, batchSize: 64 };

/**
 * What ways of training are compared with: `SMALL` with five times the rate and without dropout. With the recipe's own settings
 * the discriminator's loss stays at chance, 2 ln 2, for the first thousand rounds; these were chosen on seed 11.
 */
export const NARROW: GanRecipe = { ...SMALL, learningRate: 1e-3, dropout: 0 };

/** Several changes in one recipe: two rates (Heusel et al. 2017), and one network after the other. */
export const TOGETHER: GanRecipe = { ...NARROW, discriminatorRate: 3e-3, simultaneous: false };

/**
 * Processor time that each way of training gets where they are compared, in seconds. Time by the clock would also count what
 * else the machine did. Runs with one thread each, side by side, waste none of it.
 */
export const EQUAL_TIME = 160;

/** Processor time of the long runs, in seconds. */
export const LONG_TIME = 1200;

/** A pair that a run trains, with its models and optimizers: all of it is freed by `dispose`. */
export interface RecipePair {
  gan: Gan;
  dispose(): void;
}

/** What a recipe may say. */
const KNOWN = [...Object.keys(TOGETHER), "clusters", "withinLabels"];

/** @throws TypeError, RangeError for what a recipe cannot say; its loss, penalties and average are checked by `Gan` */
export function checkRecipe(where: string, recipe: GanRecipe): void {
  checkOptions(where, recipe, KNOWN);
  const { learningRate, discriminatorRate = learningRate, beta1, batchSize, criticSteps, clusters } = recipe;
  for (const [name, rate] of Object.entries({ learningRate, discriminatorRate })) {
    checkNumber(where, name, rate, { min: Number.MIN_VALUE });
  }
  checkNumber(where, "beta1", beta1, { min: 0, max: 0.9999 });
  checkInteger(where, "batchSize", batchSize, { min: 1 });
  checkInteger(where, "criticSteps", criticSteps, { min: 1 });
  if (clusters !== undefined) checkInteger(where, "clusters", clusters, { min: 2 });
  checkOneOf(where, "paper", recipe.paper, [-1, 0] as never);
  checkOneOf(where, "precision", recipe.precision, ["float32", "bfloat16"]);
}

/** The pair that a recipe trains, of networks that are the pair's. @throws as `checkRecipe` and `Gan` do, with nothing left */
export function recipePair(
  where: string,
  recipe: GanRecipe,
  generator: () => tf.LayersModel,
  discriminator: () => tf.LayersModel,
): RecipePair {
  checkRecipe(where, recipe);
  const { loss, gradientPenalty, r1, average, beta1, learningRate, discriminatorRate = learningRate } = recipe;
  const all: { dispose(): unknown }[] = [];
  const dispose = () => all.forEach((one) => one.dispose());
  const own = <T extends { dispose(): unknown }>(one: T): T => {
    all.push(one);
    return one;
  };
  try {
    const networks = { generator: own(generator()), discriminator: own(discriminator()) };
    const generatorOptimizer = own(tf.train.adam(learningRate, beta1));
    const discriminatorOptimizer = own(tf.train.adam(discriminatorRate, beta1));
    const terms = { loss, gradientPenalty, r1, average };
    return { gan: own(new Gan({ ...networks, ...terms, generatorOptimizer, discriminatorOptimizer })), dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** What a recipe says of the generator's size and layers. */
export const generatorSize = ({ width, batchNorm }: GanRecipe) => ({ width, batchNorm });

/** What a recipe says of the discriminator's size and layers. */
export const discriminatorSize = ({ discriminatorWidth: width = 1, dropout }: GanRecipe) => ({ width, dropout });

/** Layers of a discriminator as a recipe wants them. */
export const recipeLayers = (recipe: GanRecipe, layers: tf.layers.Layer[], seed: number): tf.layers.Layer[] =>
  recipe.spectralNorm ? spectralNorm(layers, { seed }) : layers;

/** The pair of a recipe without labels, from the lists of layers of two networks. */
export function recipeSequentials(
  where: string,
  recipe: GanRecipe,
  seed: number,
  generator: (options: ImageGeneratorOptions) => tf.layers.Layer[],
  discriminator: (options: ImageDiscriminatorOptions) => tf.layers.Layer[],
): RecipePair {
  const network = (layers: tf.layers.Layer[]) => tf.sequential({ layers });
  return recipePair(
    where,
    recipe,
    () => network(generator({ seed, ...generatorSize(recipe) })),
    () => network(recipeLayers(recipe, discriminator({ seed, ...discriminatorSize(recipe) }), seed)),
  );
}
