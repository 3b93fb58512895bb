import { join } from "node:path";
import { checkOneOf, checkOptions } from "../check";
import {
  conditionalDigitDiscriminator,
  conditionalDigitGenerator,
  digitDiscriminator,
  digitGenerator,
  trainedModel,
} from "../models";
import type { tf } from "../tensorflow";
import {
  CORRECTED,
  discriminatorSize,
  generatorSize,
  NARROW,
  recipeLayers,
  recipePair,
  recipeSequentials,
  SMALL,
  TOGETHER,
  type GanRecipe,
  type RecipePair,
} from "./gan-recipe";
import { folderOf, ganRunFile, ganRunSeeds, readGanRunLog, type GanRunLog, type GanRunsOptions } from "./gan-run-log";

/** Where the logs and the weights of the runs lie. The path is the same seen from src/ and from dist/. */
export const digitGanRuns = join(__dirname, "../../checkpoints/digit-gan");

/**
 * The runs by name. `article` is the tutorials' training as it is written, `rescaled` the same with the pixels' range put right
 * alone, `small` is `corrected` on small networks; all from `least squares` on make one change to `narrow`, but for the loss that
 * was published with settings of its own and `together`, which makes several. `long` is `together`, given `LONG_TIME`.
 */
export const DIGIT_GANS = {
  article: { ...CORRECTED, paper: 0, beta1: 0.9, batchNorm: false },
  rescaled: { ...CORRECTED, beta1: 0.9, batchNorm: false },
  corrected: CORRECTED,
  small: SMALL,
  narrow: NARROW,
  "least squares": { ...NARROW, loss: "leastSquares" },
  hinge: { ...NARROW, loss: "hinge" },
  /** Gulrajani et al. 2017: five steps of the critic, no momentum, no dropout. */
  "WGAN-GP": {
    ...NARROW,
    ...{ loss: "wasserstein", gradientPenalty: 10, simultaneous: false, criticSteps: 5, dropout: 0, beta1: 0 },
  },
  R1: { ...NARROW, r1: 0.1 },
  "spectral norm": { ...NARROW, spectralNorm: true },
  dropout: { ...NARROW, dropout: 0.3 },
  "in turn": { ...NARROW, simultaneous: false },
  /** Heusel et al. 2017: the discriminator learns faster than the generator. */
  "two rates": { ...NARROW, discriminatorRate: 3e-3 },
  conditional: { ...NARROW, conditional: true },
  /** Conditional on classes that nobody wrote down (Sage et al. 2018; Liu et al. 2020). */
  clustered: { ...NARROW, conditional: true, clusters: 100 },
  /** Ten clusters of each digit: both kinds of knowledge. */
  "labelled clusters": { ...NARROW, conditional: true, clusters: 100, withinLabels: true },
  together: TOGETHER,
  long: TOGETHER,
} satisfies Record<string, GanRecipe>;

/** The name of a run. Averaged weights are measured in every run, next to the generator's own. */
export type DigitGanName = keyof typeof DIGIT_GANS;

/** The runs that lesson 12 compares: those of the small networks that are given `EQUAL_TIME`. */
export const COMPARED = (Object.keys(DIGIT_GANS) as DigitGanName[]).filter(
  (name) => !["article", "rescaled", "corrected", "long"].includes(name),
);

/** The pair that a run of `DIGIT_GANS` trains. @throws TypeError, RangeError for what a recipe cannot say */
export function buildDigitGan(recipe: GanRecipe, seed: number): RecipePair {
  const where = "buildDigitGan()";
  if (!recipe.conditional) return recipeSequentials(where, recipe, seed, digitGenerator, digitDiscriminator);
  const { clusters: classes } = recipe;
  const layers = (all: tf.layers.Layer[]) => recipeLayers(recipe, all, seed);
  return recipePair(
    where,
    recipe,
    () => conditionalDigitGenerator({ seed, classes, ...generatorSize(recipe) }),
    () => conditionalDigitDiscriminator({ seed, classes, ...discriminatorSize(recipe), layers }),
  );
}

/** Where a run's log and weights are. */
export const digitGanFile = (name: string, seed: number, folder = digitGanRuns): string =>
  ganRunFile(name, seed, folder);

/** What a run wrote down. @throws RangeError for an unknown name; Error where the run has not been made */
export function digitGanLog(name: DigitGanName, seed = 1, options: GanRunsOptions = {}): GanRunLog<DigitGanName> {
  checkOneOf("digitGanLog()", "name", name, Object.keys(DIGIT_GANS) as DigitGanName[]);
  return readGanRunLog(
    "digitGanLog()",
    name,
    seed,
    folderOf("digitGanLog()", options, digitGanRuns),
    `"${name}" --seed ${seed}`,
  );
}

/** The seeds of a run whose logs are there, in order. @throws RangeError for an unknown name */
export function digitGanSeeds(name: DigitGanName, options: GanRunsOptions = {}): number[] {
  checkOneOf("digitGanSeeds()", "name", name, Object.keys(DIGIT_GANS) as DigitGanName[]);
  return ganRunSeeds(name, folderOf("digitGanSeeds()", options, digitGanRuns));
}

export interface TrainedDigitGeneratorOptions {
  /** The run; its averaged weights. @default "long" */
  name?: "corrected" | "long";
  /** Where its weights are. @default those of the run with seed 1 */
  file?: string;
}

/**
 * A generator of digits that comes trained, for as long as the log of its run says.
 *
 * @returns a model, to be disposed of by the caller; latents `[batch, 100]` in, images `[batch, 28, 28, 1]` from -1 to 1 out
 * @throws Error where its weights are missing, RangeError where they are damaged or the name is unknown
 */
export function trainedDigitGenerator(options: TrainedDigitGeneratorOptions = {}): tf.Sequential {
  const where = "trainedDigitGenerator()";
  checkOptions(where, options, ["name", "file"]);
  const name = checkOneOf(where, "name", options.name ?? "long", ["corrected", "long"]);
  const { file = `${digitGanFile(name, 1)}.safetensors` } = options;
  const size: GanRecipe = DIGIT_GANS[name];
  return trainedModel(where, file, digitGenerator(generatorSize(size)), "train-digit-gans.js --plan");
}

export interface TrainedConditionalDigitGeneratorOptions {
  /** The run, with seed 1; its averaged weights. @default "conditional" */
  name?: "conditional" | "clustered" | "labelled clusters";
  /** Where its weights are. @default those of the run */
  file?: string;
}

/**
 * A generator of digits that one can ask for, trained: for one of the ten classes, or for one of 100 clusters, whose centres
 * are in the run's log; of "labelled clusters", those from 10 d to 10 d + 9 are of the digit d.
 *
 * @returns a model, to be disposed of by the caller; latents `[batch, 100]` and classes `[batch, 10]` or `[batch, 100]`, one-hot,
 *   in, images `[batch, 28, 28, 1]` from -1 to 1 out
 * @throws Error where its weights are missing, RangeError where they are damaged or the name is unknown
 */
export function trainedConditionalDigitGenerator(
  options: TrainedConditionalDigitGeneratorOptions = {},
): tf.LayersModel {
  const where = "trainedConditionalDigitGenerator()";
  checkOptions(where, options, ["name", "file"]);
  const name = checkOneOf(where, "name", options.name ?? "conditional", [
    "conditional",
    "clustered",
    "labelled clusters",
  ]);
  const { file = `${digitGanFile(name, 1)}.safetensors` } = options;
  const recipe: GanRecipe = DIGIT_GANS[name];
  const model = conditionalDigitGenerator({ classes: recipe.clusters, ...generatorSize(recipe) });
  return trainedModel(where, file, model, "train-digit-gans.js --plan");
}
