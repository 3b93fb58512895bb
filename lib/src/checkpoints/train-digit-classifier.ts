/**
 * Trains the digit classifier whose weights come with nablab, and writes `lib/checkpoints/digit-classifier.safetensors` with
 * the log of the run beside it. Settings are compared on 5,000 digits held back from the training set; the best ones train
 * on all 60,000, and only then are the test digits looked at, once.
 *
 * Run: npm run build && node lib/dist/checkpoints/train-digit-classifier.js
 */
import { writeFileSync } from "node:fs";
import { mnist, randomTranslation, split } from "../data";
import type { Digits } from "../data/mnist";
import { digitClassifierFile, digitClassifierLayers, saveWeights } from "../models";
import { AdamW, oneCycle } from "../optim";
import { ready, tf } from "../tensorflow";
import { evaluate, fit, softmaxCrossEntropy } from "../train";

interface Settings {
  /** Pixels by which a digit is moved at random, at most. */
  shift: number;
  dropout: number;
}

const candidates: Settings[] = [
  { shift: 0, dropout: 0.4 },
  { shift: 1, dropout: 0.4 },
  { shift: 2, dropout: 0.4 },
  { shift: 2, dropout: 0.2 },
];
const searchEpochs = 4;
const finalEpochs = 12;
const batchSize = 128;
const seed = 0;

const lines: string[] = [];
const say = (line: string) => {
  lines.push(line);
  console.log(line);
};
const percent = (share: number) => `${(100 * share).toFixed(2)} %`;

async function trained(digits: Digits, { shift, dropout }: Settings, epochs: number): Promise<tf.Sequential> {
  const model = tf.sequential({ layers: digitClassifierLayers({ seed, dropout }) });
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const steps = epochs * Math.floor(digits.size / batchSize);
  const optimizer = new AdamW({ learningRate: 0.003, weightDecay: 0.01, schedule: oneCycle({ steps }) });
  const step = ({ x, y }: { x: tf.Tensor4D; y: tf.Tensor1D }) =>
    optimizer.minimize(
      () => softmaxCrossEntropy(y, model.apply(randomTranslation(x, shift), { training: true }) as tf.Tensor),
      true,
      variables,
    )!;
  const history = await fit(step, digits, {
    epochs,
    batchSize,
    seed,
    dropLast: true,
    compile: true,
    optimizer,
    variables,
  });
  for (const { epoch, loss, seconds } of history.rows) {
    say(`  epoch ${epoch}: training loss ${loss.toFixed(4)}, ${seconds.toFixed(0)} s`);
  }
  optimizer.dispose();
  return model;
}

async function main(): Promise<void> {
  const { short } = await ready();
  const digits = await mnist({ source: "full" });
  say(`digit classifier, ${new Date().toISOString().slice(0, 10)}, ${short}, seed ${seed}`);
  const { train, validation } = split(digits.train, { validation: 5000, seed });
  let best = { settings: candidates[0], accuracy: 0 };
  for (const settings of candidates) {
    say(`${JSON.stringify(settings)}, ${searchEpochs} epochs of ${train.size} digits`);
    const model = await trained(train, settings, searchEpochs);
    const accuracy = (await evaluate(model, validation)).accuracy!;
    say(`  ${percent(accuracy)} of ${validation.size} validation digits`);
    if (accuracy > best.accuracy) best = { settings, accuracy };
    model.dispose();
  }
  tf.dispose([train, validation].flatMap(({ x, y }) => [x, y]));
  say(`chosen: ${JSON.stringify(best.settings)}; ${finalEpochs} epochs of ${digits.train.size} digits`);
  const model = await trained(digits.train, best.settings, finalEpochs);
  const { accuracy } = await evaluate(model, digits.test);
  say(`test: ${percent(accuracy!)} of ${digits.test.size} digits`);
  const notes = { source: "nablab, trained on MNIST", accuracy: percent(accuracy!) };
  saveWeights(model, digitClassifierFile, { notes });
  writeFileSync(digitClassifierFile.replace(/safetensors$/, "log"), `${lines.join("\n")}\n`);
}

if (require.main === module) void main();
