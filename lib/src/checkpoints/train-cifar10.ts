/**
 * The runs behind lesson 07: `ladder` makes its changes one at a time and measures them on 5,000 held-back images; `fast`
 * trains a recipe on all 50,000 training images and opens the test images once, at the end.
 *
 * Logs go to `lib/checkpoints/cifar10/`, one file a run; runs that have one are not made again. With `save`, the trained
 * weights lie beside the log.
 *
 * Run: npm run build && node lib/dist/checkpoints/train-cifar10.js ladder
 *      node lib/dist/checkpoints/train-cifar10.js fast 94 8 1 save      (name, epochs, seed)
 */
import { existsSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { cifar10, Pictures, split } from "../data";
import { writeWhole } from "../data/whole-file";
import { saveWeights } from "../models";
import { ready, tf } from "../tensorflow";
import { accuracy, predict, predictViews } from "../train";
import { changed, cifar10Runs, FAST_RECIPE, FIRST_RECIPE, LADDER, Recipe, RunLog, trainRecipe } from "../vision";

const fileOf = (name: string) => join(cifar10Runs, `${name.replaceAll(" ", "-")}.json`);

/** Trains and measures, or reads what was measured before. */
async function run(name: string, recipe: Recipe, seed: number, train: Pictures, measured: Pictures, save = false) {
  const file = fileOf(name);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as RunLog;
  const { short } = await ready();
  console.log(`${name}: ${JSON.stringify(recipe)}`);
  const { model, history } = await trainRecipe(train, recipe, {
    seed,
    checkpoint: join(cifar10Runs, ".unfinished", `${name.replaceAll(" ", "-")}.safetensors`),
    progress: false,
    onEpochEnd: ({ epoch, loss, seconds }) =>
      console.log(`  epoch ${epoch}: loss ${loss.toFixed(4)}, ${seconds.toFixed(0)} s`),
  });
  if (history.stopped !== "epochs") throw new Error(`${name} was stopped. Run it again to go on.`);
  const [once, views] = [predict(model, measured.x), predictViews(model, measured.x)];
  const shareRight = (logits: tf.Tensor) => tf.tidy(() => accuracy(measured.y, logits).dataSync()[0]);
  const log: RunLog = {
    name,
    date: new Date().toISOString().slice(0, 10),
    machine: `${short}, ${cpus().length} cores of ${cpus()[0].model.trim()}`,
    seed,
    recipe,
    parameters: model.countParams(),
    images: train.size,
    measuredOn: measured.size,
    accuracy: shareRight(once),
    accuracyOfViews: shareRight(views),
    seconds: history.seconds,
    rows: history.rows.map(({ epoch, loss, seconds }) => ({ epoch, loss, seconds })),
  };
  console.log(`  ${(100 * log.accuracy).toFixed(2)} %, views ${(100 * log.accuracyOfViews).toFixed(2)} %`);
  if (save)
    saveWeights(model, file.replace(/json$/, "safetensors"), { half: true, notes: { log: JSON.stringify(log) } });
  writeWhole(file, `${JSON.stringify(log, undefined, 1)}\n`);
  tf.dispose([once, views]);
  model.dispose();
  return log;
}

async function ladder(): Promise<void> {
  const cifar = await cifar10();
  const { train, validation } = split(cifar.train, { validation: 5000, seed: 1 });
  cifar.dispose();
  let recipe = changed(FIRST_RECIPE, {});
  let best = await run("ladder 00 lesson 06", recipe, 1, train, validation);
  for (const [i, { name, change, always }] of LADDER.entries()) {
    const tried = changed(recipe, change);
    const log = await run(`ladder ${String(i + 1).padStart(2, "0")} ${name}`, tried, 1, train, validation);
    if (always || log.accuracy > best.accuracy) [recipe, best] = [tried, log];
  }
}

async function fast(name: string, epochs: number, seed: number, save: boolean): Promise<void> {
  const { train, test } = await cifar10();
  await run(`${name} seed ${seed}`, changed(FAST_RECIPE, { epochs }), seed, train, test, save);
}

if (require.main === module) {
  const [what, name, epochs, seed, save] = process.argv.slice(2);
  void (what === "ladder" ? ladder() : fast(name, Number(epochs), Number(seed), save === "save"));
}
