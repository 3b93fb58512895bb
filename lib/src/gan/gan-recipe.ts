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
  /** The generator's filters, as a share of the full ones. */
  width: number;
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
 * The same for comparing ways of training: with a quarter of the generator's filters and of the batch, the same time holds
 * some ten times as many rounds.
 */
export const NARROW: GanRecipe = { ...CORRECTED, width: 0.25, batchSize: 64 };

/**
 * Several changes in one recipe, those that later papers agree on: one network after the other, R1 in place of dropout
 * (Mescheder et al. 2018).
 */
export const TOGETHER: GanRecipe = { ...NARROW, simultaneous: false, r1: 0.1, dropout: 0 };

/**
 * Processor time that each way of training gets where they are compared, in seconds. Time by the clock would also count what
 * else the machine did. Runs with one thread each, side by side, waste none of it.
 */
export const EQUAL_TIME = 400;

/** A pair that a run trains, with its models and optimizers: all of it is freed by `dispose`. */
export interface RecipePair {
  gan: Gan;
  dispose(): void;
}

/** The pair of two networks that a recipe trains; both are the pair's. */
export function recipePair(recipe: GanRecipe, generator: tf.LayersModel, discriminator: tf.LayersModel): RecipePair {
  const adam = () => tf.train.adam(recipe.learningRate, recipe.beta1);
  const { loss, gradientPenalty, r1, average } = recipe;
  const [generatorOptimizer, discriminatorOptimizer] = [adam(), adam()];
  const gan = new Gan({
    ...{ generator, discriminator, loss, gradientPenalty, r1, average, generatorOptimizer, discriminatorOptimizer },
  });
  const all = [gan, generator, discriminator, generatorOptimizer, discriminatorOptimizer];
  return { gan, dispose: () => all.forEach((one) => one.dispose()) };
}

/** What a recipe says of the generator's size and layers. */
export const generatorSize = ({ width, batchNorm }: GanRecipe) => ({ width, batchNorm });

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
    tf.sequential({ layers: recipeLayers(recipe, discriminator({ seed, dropout: recipe.dropout }), seed) }),
  );
}
