import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkOneOf, missingCheckpoint } from "../check";
import {
  conditionalDigitDiscriminator,
  conditionalDigitGenerator,
  digitDiscriminator,
  digitGenerator,
  trainedModel,
} from "../models";
import { tf } from "../tensorflow";
import type { HistoryRow } from "../train";
import type { DigitQuality } from "./digit-quality";
import { Gan } from "./gan";
import type { GanLossName } from "./losses";
import { spectralNorm } from "./spectral-norm";

/** Where the logs and the weights of the runs lie. The path is the same seen from src/ and from dist/. */
export const digitGanRuns = join(__dirname, "../../checkpoints/digit-gan");

/** How a GAN of digits is trained. */
export interface DigitGanRecipe {
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
  /** The lowest value of a pixel in the data: -1, as the generator's tanh makes them, or 0. */
  paper: -1 | 0;
}

/** The networks and the training of many tutorials, with their pixels put right. */
export const CORRECTED: DigitGanRecipe = {
  loss: "nonSaturating",
  learningRate: 2e-4,
  beta1: 0.9,
  batchSize: 256,
  simultaneous: true,
  criticSteps: 1,
  dropout: 0.3,
  gradientPenalty: 0,
  r1: 0,
  spectralNorm: false,
  conditional: false,
  paper: -1,
};

/** The runs by name: each makes one change to `CORRECTED`. A loss that was published with settings of its own has these. */
export const DIGIT_GANS = {
  /** Pixels from 0 to 1 against a tanh, as in many tutorials. */
  article: { ...CORRECTED, paper: 0 },
  corrected: CORRECTED,
  "beta1 0.5": { ...CORRECTED, beta1: 0.5 },
  "in turn": { ...CORRECTED, simultaneous: false },
  "least squares": { ...CORRECTED, loss: "leastSquares" },
  hinge: { ...CORRECTED, loss: "hinge" },
  /** Gulrajani et al. 2017: five steps of the critic, no momentum, no dropout. */
  "WGAN-GP": {
    ...CORRECTED,
    ...{ loss: "wasserstein", gradientPenalty: 10, simultaneous: false, criticSteps: 5, dropout: 0, beta1: 0 },
  },
  R1: { ...CORRECTED, r1: 1 },
  "spectral norm": { ...CORRECTED, spectralNorm: true },
  conditional: { ...CORRECTED, conditional: true },
} satisfies Record<string, DigitGanRecipe>;

/** The name of a run. Averaged weights are measured in every run, next to the generator's own. */
export type DigitGanName = keyof typeof DIGIT_GANS;

/** The pair that a run trains, with its models and optimizers: all of it is freed by `dispose`. */
export function buildDigitGan(recipe: DigitGanRecipe, seed: number): { gan: Gan; dispose(): void } {
  const adam = () => tf.train.adam(recipe.learningRate, recipe.beta1);
  const { dropout } = recipe;
  const layers = (all: tf.layers.Layer[]) => (recipe.spectralNorm ? spectralNorm(all, { seed }) : all);
  const gan = new Gan({
    generator: recipe.conditional
      ? conditionalDigitGenerator({ seed })
      : tf.sequential({ layers: digitGenerator({ seed }) }),
    discriminator: recipe.conditional
      ? conditionalDigitDiscriminator({ seed, dropout, layers })
      : tf.sequential({ layers: layers(digitDiscriminator({ seed, dropout })) }),
    loss: recipe.loss,
    gradientPenalty: recipe.gradientPenalty,
    r1: recipe.r1,
    generatorOptimizer: adam(),
    discriminatorOptimizer: adam(),
  });
  const { generator, discriminator, generatorOptimizer, discriminatorOptimizer } = gan;
  const all = [gan, generator, discriminator, generatorOptimizer, discriminatorOptimizer];
  return { gan, dispose: () => all.forEach((one) => one.dispose()) };
}

/** A row of a run's log: what `trainGan` tells of an epoch, and `digitQuality` of 2,000 samples against training digits. */
export interface DigitGanRow extends HistoryRow {
  /** Processor time of the training so far, in seconds, measuring left out. */
  cpuSeconds?: number;
}

/** What a run of `lib/src/checkpoints/train-digit-gans.ts` wrote down. */
export interface DigitGanLog {
  name: DigitGanName;
  date: string;
  machine: string;
  seed: number;
  recipe: DigitGanRecipe;
  precision: "float32" | "bfloat16";
  /** How many epochs were to be made; how many were is in the rows. */
  epochs: number;
  rows: DigitGanRow[];
  /**
   * After the last row: 10,000 samples against the test digits, with the generator's own weights and the averaged ones. A
   * conditional run also has `asAsked`, the share of samples that are read as the digit asked for.
   */
  final: { own: DigitQuality; averaged: DigitQuality };
  /** 16 digits from the same noise after some of the epochs, a byte a pixel, `[16, 28, 28]`, in base64. */
  samples: { epoch: number; images: string }[];
}

/** Where a run's log and weights are. */
export const digitGanFile = (name: string, seed: number, folder = digitGanRuns): string =>
  join(folder, `${name.replaceAll(" ", "-")}-seed-${seed}`);

/** What a run wrote down. @throws RangeError for an unknown name; Error where the run has not been made */
export function digitGanLog(name: DigitGanName, seed = 1, { folder = digitGanRuns } = {}): DigitGanLog {
  checkOneOf("digitGanLog()", "name", name, Object.keys(DIGIT_GANS) as DigitGanName[]);
  const file = `${digitGanFile(name, seed, folder)}.json`;
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as DigitGanLog;
  throw missingCheckpoint("digitGanLog()", file, `train-digit-gans.js "${name}" --seed ${seed}`);
}

/**
 * A generator of digits that comes trained: the one of the longest run of `CORRECTED`, after as many epochs as its log says.
 *
 * @returns a model, to be disposed of by the caller; latents `[batch, 100]` in, images `[batch, 28, 28, 1]` from -1 to 1 out
 * @throws Error where its weights are missing, RangeError where they are damaged
 */
export function trainedDigitGenerator({ file = `${digitGanFile("corrected", 1)}.safetensors` } = {}): tf.Sequential {
  return trainedModel("trainedDigitGenerator()", file, digitGenerator(), "train-digit-gans.js");
}
