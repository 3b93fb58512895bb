import { join } from "node:path";
import { checkOneOf, checkOptions, refuse } from "../check";
import { pictureDiscriminator, pictureGenerator, trainedModel } from "../models";
import type { tf } from "../tensorflow";
import { generatorSize, NARROW, recipeSequentials, TOGETHER, type GanRecipe, type RecipePair } from "./gan-recipe";
import { folderOf, ganRunFile, ganRunSeeds, readGanRunLog, type GanRunLog, type GanRunsOptions } from "./gan-run-log";

/** Where the logs and the weights of the runs lie. The path is the same seen from src/ and from dist/. */
export const pictureGanRuns = join(__dirname, "../../checkpoints/picture-gan");

/** The runs on CIFAR-10 by name: the recipes of digits, on networks one step larger. */
export const PICTURE_GANS = { narrow: NARROW, together: TOGETHER } satisfies Record<string, GanRecipe>;

/** The name of a run on CIFAR-10. */
export type PictureGanName = keyof typeof PICTURE_GANS;

/** The pair that a run of `PICTURE_GANS` trains. @throws RangeError for a conditional recipe: there are no such networks */
export function buildPictureGan(recipe: GanRecipe, seed: number): RecipePair {
  const where = "buildPictureGan()";
  if (recipe.conditional) refuse(where, "recipe.conditional", "false", true);
  return recipeSequentials(where, recipe, seed, pictureGenerator, pictureDiscriminator);
}

/** What a run on CIFAR-10 wrote down. @throws RangeError for an unknown name; Error where the run has not been made */
export function pictureGanLog(name: PictureGanName, seed = 1, options: GanRunsOptions = {}): GanRunLog<PictureGanName> {
  checkOneOf("pictureGanLog()", "name", name, Object.keys(PICTURE_GANS) as PictureGanName[]);
  return readGanRunLog(
    "pictureGanLog()",
    name,
    seed,
    folderOf("pictureGanLog()", options, pictureGanRuns),
    `"${name}" --data cifar10 --seed ${seed}`,
  );
}

/** The seeds of a run on CIFAR-10 whose logs are there, in order. @throws RangeError for an unknown name */
export function pictureGanSeeds(name: PictureGanName, options: GanRunsOptions = {}): number[] {
  checkOneOf("pictureGanSeeds()", "name", name, Object.keys(PICTURE_GANS) as PictureGanName[]);
  return ganRunSeeds(name, folderOf("pictureGanSeeds()", options, pictureGanRuns));
}

/**
 * A generator of small photographs, as far as it was trained: the averaged weights of the run "together", seed 1.
 *
 * @returns a model, to be disposed of by the caller; latents `[batch, 100]` in, images `[batch, 32, 32, 3]` from -1 to 1 out
 * @throws Error where its weights are missing, RangeError where they are damaged
 */
export function trainedPictureGenerator(options: { file?: string } = {}): tf.Sequential {
  const where = "trainedPictureGenerator()";
  checkOptions(where, options, ["file"]);
  const { file = `${ganRunFile("together", 1, pictureGanRuns)}.safetensors` } = options;
  return trainedModel(where, file, pictureGenerator(generatorSize(TOGETHER)), "train-digit-gans.js --plan");
}
