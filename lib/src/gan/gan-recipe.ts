import type { ImageDiscriminatorOptions, ImageGeneratorOptions } from "../models";
import { tf } from "../tensorflow";
import { Gan } from "./gan";
import type { GanLossName } from "./losses";
import { spectralNorm } from "./spectral-norm";

/** How a GAN of images is trained, in the runs behind the lessons. */
export interface GanRecipe {
  loss: GanLossName;
  /** Of both Adams. */
  learningRate: number;
  /** Of the discriminator's Adam, where it is another one. @default learningRate */
  discriminatorRate?: number;
  beta1: number;
  batchSize: number;
  /** Both networks learn from the same samples, or the discriminator first, `criticSteps` times. */
  simultaneous: boolean;
  criticSteps: number;
  /** Share of the discriminator's activations that is hidden. */
  dropout: number;
  gradientPenalty: number;
  r1: number;
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

/** The pair of two networks that a recipe trains; both are the pair's. */
export function recipePair(recipe: GanRecipe, generator: tf.LayersModel, discriminator: tf.LayersModel): RecipePair {
  const { loss, gradientPenalty, r1, average, beta1, learningRate, discriminatorRate = learningRate } = recipe;
  const generatorOptimizer = tf.train.adam(learningRate, beta1);
  const discriminatorOptimizer = tf.train.adam(discriminatorRate, beta1);
  const gan = new Gan({
    ...{ generator, discriminator, loss, gradientPenalty, r1, average, generatorOptimizer, discriminatorOptimizer },
  });
  const all = [gan, generator, discriminator, generatorOptimizer, discriminatorOptimizer];
  return { gan, dispose: () => all.forEach((one) => one.dispose()) };
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
  recipe: GanRecipe,
  seed: number,
  generator: (options: ImageGeneratorOptions) => tf.layers.Layer[],
  discriminator: (options: ImageDiscriminatorOptions) => tf.layers.Layer[],
): RecipePair {
  return recipePair(
    recipe,
    tf.sequential({ layers: generator({ seed, ...generatorSize(recipe) }) }),
    tf.sequential({ layers: recipeLayers(recipe, discriminator({ seed, ...discriminatorSize(recipe) }), seed) }),
  );
}
