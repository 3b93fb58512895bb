/**
 * The runs behind lessons 11 and 12: GANs of digits by name, as `DIGIT_GANS` has them. After each epoch 2,000 samples are
 * measured against training digits; at the end 10,000 against the test digits, which decide nothing.
 *
 * The log goes to `lib/checkpoints/digit-gan/NAME-seed-N.json`, with --save the generator's weights beside it. A run ends
 * after its epochs, or cleanly when the minutes are over or at SIGTERM; the same command again goes on, and the log is
 * written each time with the epochs that there are.
 *
 * Run: npm run build && node lib/dist/checkpoints/train-digit-gans.js corrected --seed 1 --epochs 200 --minutes 60 --save
 */
import { existsSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { mnist, examples } from "../data";
import { writeWhole } from "../data/whole-file";
import {
  buildDigitGan,
  DIGIT_GANS,
  digitGanFile,
  digitGanRuns,
  digitQuality,
  readDigits,
  trainGan,
  type DigitGanLog,
  type DigitGanName,
  type DigitGanRecipe,
  type DigitQuality,
  type Gan,
} from "../gan";
import { digitClassifier, saveWeights } from "../models";
import { ready, tf } from "../tensorflow";

/** Epochs whose samples are kept. */
const KEPT = [1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 75, 100, 125, 150, 175, 200];
/** Samples after each epoch, and what is measured of them. */
const ALONG = { samples: 2000, size: 1000, repeats: 5 };
const FINAL = { samples: 10_000, size: 5000, repeats: 3 };

interface Options {
  seed: number;
  epochs: number;
  minutes: number;
  precision: "float32" | "bfloat16";
  save: boolean;
}

/** Samples as digits from 0 to 1. Always from the same noise: rows differ by the training alone. */
function images(gan: Gan, recipe: DigitGanRecipe, count: number, averaged: boolean): tf.Tensor4D {
  return tf.tidy(() => {
    const parts = tf.split(gan.latents(count, "samples"), Math.ceil(count / 250));
    const made = parts.map((z, part) => {
      const labels = Array.from({ length: z.shape[0] }, (_, i) => digitAsked(250 * part + i));
      return gan.sample(z, { averaged, ...(recipe.conditional ? { labels } : {}) });
    });
    const x = tf.concat(made);
    return (recipe.paper === -1 ? tf.div(tf.add(x, 1), 2) : tf.clipByValue(x, 0, 1)) as tf.Tensor4D;
  });
}

/** The digits in turn, for a pair that is told. */
const digitAsked = (i: number) => i % 10;

async function run(name: DigitGanName, { seed, epochs, minutes, precision, save }: Options): Promise<void> {
  const recipe: DigitGanRecipe = DIGIT_GANS[name];
  const file = digitGanFile(name, seed);
  const unfinished = (what: string) => digitGanFile(name, seed, join(digitGanRuns, ".unfinished")) + what;
  const { short } = await ready();
  const { train, test, dispose } = await mnist();
  const classifier = digitClassifier();
  const features = (x: tf.Tensor4D) => readDigits(classifier, x).features;
  const reference = tf.tidy(() => features(tf.slice(train.x, 0, [10_000, 28, 28, 1])));
  const { gan, dispose: freeGan } = buildDigitGan(recipe, seed);
  const quality = (averaged: boolean, real: tf.Tensor2D, { samples, ...options }: typeof ALONG): DigitQuality =>
    tf.tidy(() => {
      const x = images(gan, recipe, samples, averaged);
      const measured = digitQuality(classifier, x, real, options);
      if (!recipe.conditional) return measured;
      const { labels } = readDigits(classifier, x);
      return { ...measured, asAsked: labels.filter((label, i) => label === digitAsked(i)).length / samples };
    });

  const kept: DigitGanLog["samples"] = existsSync(unfinished(".samples.json"))
    ? (JSON.parse(readFileSync(unfinished(".samples.json"), "utf8")) as DigitGanLog["samples"])
    : [];
  const keep = (epoch: number) => {
    if (!KEPT.includes(epoch) || kept.some((one) => one.epoch === epoch)) return;
    const pixels = tf.tidy(() => tf.slice(images(gan, recipe, 250, false), 0, 16).dataSync());
    const bytes = Uint8Array.from(pixels, (pixel) => Math.round(255 * pixel));
    kept.push({ epoch, images: Buffer.from(bytes).toString("base64") });
    writeWhole(unfinished(".samples.json"), JSON.stringify(kept));
  };

  const over = new AbortController();
  const stop = () => over.abort();
  const timer = setTimeout(stop, minutes * 60_000);
  process.once("SIGTERM", stop);
  const processor = () => process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6;
  let [since, spent] = [processor(), 0];
  const x = recipe.paper === -1 ? tf.tidy(() => tf.sub(tf.mul(train.x, 2), 1)) : train.x.clone();
  const history = await trainGan(gan, examples(x, train.y), {
    epochs,
    seed,
    batchSize: recipe.batchSize,
    simultaneous: recipe.simultaneous,
    criticSteps: recipe.criticSteps,
    compile: { precision },
    checkpoint: { file: unfinished(".safetensors") },
    signal: over.signal,
    progress: false,
    metrics: () => {
      spent = processor() - since;
      const [own, averaged] = [quality(false, reference, ALONG), quality(true, reference, ALONG)];
      const named = Object.entries(averaged).map(([key, value]) => [
        `averaged${key[0].toUpperCase()}${key.slice(1)}`,
        value,
      ]);
      return { ...own, ...(Object.fromEntries(named) as Record<string, number>) };
    },
    onEpochEnd: (row, { rows }) => {
      row.cpuSeconds = (rows[rows.length - 2]?.cpuSeconds ?? 0) + spent;
      keep(row.epoch);
      const told = [
        "loss",
        "generatorLoss",
        "accuracy",
        "frechet",
        "averagedFrechet",
        "confident",
        "rarest",
        "cpuSeconds",
      ];
      console.log(
        `${name} ${seed}, epoch ${row.epoch}: ` + told.map((key) => `${key} ${row[key]?.toPrecision(4)}`).join(", "),
      );
      since = processor();
    },
  });
  clearTimeout(timer);
  process.removeListener("SIGTERM", stop);
  x.dispose();

  // An epoch that was not done to its end has no measures; the checkpoint goes on with it.
  const rows = history.rows.filter((row) => row.frechet !== undefined);
  if (rows.length > 0) {
    const real = features(test.x);
    const log: DigitGanLog = {
      ...{ name, date: new Date().toISOString().slice(0, 10) },
      machine: `${short}, ${cpus().length} cores of ${cpus()[0].model.trim()}`,
      ...{ seed, recipe, precision, epochs, rows },
      final: { own: quality(false, real, FINAL), averaged: quality(true, real, FINAL) },
      samples: kept,
    };
    real.dispose();
    writeWhole(`${file}.json`, `${JSON.stringify(log, undefined, 1)}\n`);
    const notes = { log: JSON.stringify({ ...log, rows: rows.slice(-1), samples: undefined }) };
    if (save) saveWeights(gan.generator, `${file}.safetensors`, { half: true, notes });
    console.log(`${name} ${seed}: ${rows.length} of ${epochs} epochs, ${JSON.stringify(log.final)}`);
  }
  reference.dispose();
  freeGan();
  classifier.dispose();
  dispose();
}

if (require.main === module) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: "string", default: "1" },
      epochs: { type: "string", default: "200" },
      minutes: { type: "string", default: "120" },
      precision: { type: "string", default: "bfloat16" },
      save: { type: "boolean", default: false },
    },
  });
  const name = positionals.join(" ");
  if (!(name in DIGIT_GANS)) throw new RangeError(`no run "${name}"; there are ${Object.keys(DIGIT_GANS).join(", ")}`);
  const [seed, epochs, minutes] = [values.seed, values.epochs, values.minutes].map(Number);
  const precision = values.precision as Options["precision"];
  void run(name as DigitGanName, { seed, epochs, minutes, precision, save: values.save });
}
