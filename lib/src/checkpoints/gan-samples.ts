import { imageQuality, type Gan, type GanRecipe, type GanRunLog, type ImageQuality } from "../gan";
import { tf } from "../tensorflow";
import { inBytes, type GanClasses } from "./gan-classes";
import { fromPair, type LoadedSubject, type Measuring } from "./gan-subjects";

/** Epochs whose samples are kept. */
const KEPT = [1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 75, 100, 125, 150, 175, 200];
/** Images that are generated at a time. */
const PART = 250;

/** A pair that makes samples, and what a conditional one is asked for. */
export interface Painter extends Pick<GanClasses, "asked" | "labelOf"> {
  gan: Gan;
  recipe: GanRecipe;
}

/** Samples as images from 0 to 1. Always from the same noise: rows differ by the training alone. */
function samples({ gan, recipe, asked }: Painter, count: number, averaged: boolean): tf.Tensor4D {
  return tf.tidy(() => {
    const sizes = Array.from({ length: Math.ceil(count / PART) }, (_, part) => Math.min(PART, count - PART * part));
    const made = tf.split(gan.latents(count, "samples"), sizes).map((z, part) => {
      const labels = Array.from({ length: z.shape[0] }, (_, i) => asked(PART * part + i));
      return gan.sample(z, { averaged, ...(recipe.conditional ? { labels } : {}) });
    });
    return fromPair(tf.concat(made), recipe);
  });
}

/** How good samples are beside real images' features. */
export function quality(
  painter: Painter,
  loaded: LoadedSubject,
  real: tf.Tensor2D,
  { samples: count, ...options }: Measuring,
  averaged: boolean,
): ImageQuality {
  const { recipe, asked, labelOf } = painter;
  return tf.tidy(() => {
    const reading = loaded.read(samples(painter, count, averaged));
    const measured = imageQuality(reading, real, options);
    if (!recipe.conditional || !labelOf) return measured;
    return { ...measured, asAsked: reading.labels.filter((label, i) => label === labelOf(asked(i))).length / count };
  });
}

/** Measures of the generator's own weights, and those of the averaged ones as `averagedFrechet`, … */
export function qualityOfBoth(painter: Painter, loaded: LoadedSubject, real: tf.Tensor2D, along: Measuring) {
  const [own, averaged] = [false, true].map((which) => quality(painter, loaded, real, along, which));
  const named = Object.entries(averaged).map(([key, value]) => [
    `averaged${key[0].toUpperCase()}${key.slice(1)}`,
    value,
  ]);
  return { ...own, ...(Object.fromEntries(named) as Record<string, number>) };
}

/** Adds sixteen samples after some of the epochs. */
export function keepSamples(kept: GanRunLog["samples"], epoch: number, painter: Painter): void {
  if (!KEPT.includes(epoch) || kept.some((one) => one.epoch === epoch)) return;
  kept.push({ epoch, images: inBytes(tf.tidy(() => samples(painter, 16, false).dataSync())) });
}
