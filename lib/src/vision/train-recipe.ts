import { cutout, examples, Pictures, randomFlip, randomTranslation } from "../data";
import { cifar10Scale, fastCifar10, threeConvolutions, whiteningKernel } from "../models";
import { linear, MovingAverage, Muon, oneCycle, Optimizer, Sgd } from "../optim";
import { generator } from "../random";
import { tf } from "../tensorflow";
import { evaluate, fit, FitOptions, History, labelSmoothing } from "../train";
import { changed, Recipe } from "./recipe";

/** Images that a whitening kernel is computed from. */
const WHITENED = 5000;
/** CIFAR-10's mean pixel: what covered squares are filled with. */
const GREY = 0.473;

export interface TrainRecipeOptions extends Pick<
  FitOptions,
  "checkpoint" | "onEpochEnd" | "onUpdate" | "progress" | "signal"
> {
  /** Of the initial weights, the order of the images and everything else that is drawn. @default 0 */
  seed?: number;
  /** Measured after each epoch, and nothing else is done with it. @default none */
  validation?: Pictures;
}

/** A network trained by a recipe. */
export interface TrainedRecipe {
  /** Images `[batch, 32, 32, 3]` from 0 to 1 in, logits `[batch, 10]` out; to be disposed of by the caller. */
  model: tf.Sequential;
  history: History;
}

/**
 * Trains a network on CIFAR-10 by a recipe. All of a step, from mirroring to the update, is one TensorFlow function.
 *
 * @param images of 32x32 pixels, from 0 to 1
 * @throws as `fit` does, and where the recipe is none
 *
 * @example
 * const { model } = await trainRecipe(cifar.train, changed(FAST_RECIPE, { epochs: 4 }), { seed: 1 });
 */
export async function trainRecipe(
  images: Pictures,
  recipe: Readonly<Recipe>,
  { seed = 0, validation, ...options }: TrainRecipeOptions = {},
): Promise<TrainedRecipe> {
  const { epochs, batchSize, precision, average } = changed(recipe, {});
  const model = network(recipe, images, seed);
  const steps = Math.floor(images.size / batchSize);
  const optimizers = optimizersOf(recipe, trained(model, recipe), epochs * steps);
  const weights = model.weights.map((weight) => weight.read() as tf.Variable);
  const averaged = average > 0 ? new MovingAverage(weights, { decay: average }) : undefined;
  const loss = labelSmoothing(recipe.smoothing);
  const step = ({ x, y }: { x: tf.Tensor4D; y: tf.Tensor1D }) => {
    const seen = augment(recipe, x, optimizers[0].optimizer, steps);
    const { value, grads } = tf.variableGrads(
      () => loss(y, model.apply(seen, { training: true }) as tf.Tensor),
      optimizers.flatMap(({ variables }) => variables),
    );
    for (const { optimizer, variables } of optimizers) {
      optimizer.applyGradients(variables.map(({ name }) => ({ name, tensor: grads[name] })));
    }
    averaged?.update();
    return value;
  };
  const shown = recipe.flip === "alternating" ? halfMirrored(images, seed) : images;
  try {
    const history = await fit(step, shown, {
      ...options,
      epochs,
      batchSize,
      seed,
      dropLast: true,
      compile: { precision },
      optimizer: optimizers.map(({ optimizer }) => optimizer),
      variables: [...weights, ...(averaged?.averages ?? [])],
      validation: validation && (() => withAverages(averaged, () => accuracyOf(model, validation))),
    });
    averaged?.swap();
    return { model, history };
  } catch (error) {
    model.dispose();
    throw error;
  } finally {
    if (shown !== images) shown.dispose();
    averaged?.dispose();
    optimizers.forEach(({ optimizer }) => optimizer.dispose());
  }
}

const withAverages = <T>(averaged: MovingAverage | undefined, f: () => T): T => (averaged ? averaged.use(f) : f());

async function accuracyOf(model: tf.LayersModel, set: Pictures): Promise<Record<string, number>> {
  const { loss, accuracy = NaN } = await evaluate(model, set, { loss: "softmaxCrossEntropy" });
  return { loss, accuracy };
}

/** The network of a recipe with its initial weights. */
function network(
  { network, widths, normalize, residual, identity, whitening }: Recipe,
  { x, size }: Pictures,
  seed: number,
) {
  if (network === "first") return tf.sequential({ layers: threeConvolutions({ seed, logits: true }) });
  const kernel =
    whitening &&
    tf.tidy(() => {
      const some = tf.slice(x, 0, Math.min(size, WHITENED));
      return whiteningKernel(tf.add(tf.mul(some, cifar10Scale.scale), cifar10Scale.offset));
    });
  const options = { seed, widths, normalize, residual, identity, whitening: kernel || undefined };
  const model = tf.sequential({ layers: fastCifar10(options) });
  if (kernel) kernel.dispose();
  return model;
}

/** What is trained: all but the kernel that whitens. */
function trained(model: tf.LayersModel, { whitening }: Recipe): tf.Variable[] {
  return model.trainableWeights.slice(whitening ? 1 : 0).map((weight) => weight.read() as tf.Variable);
}

/** Which variables follow which optimizer. */
function optimizersOf(recipe: Recipe, variables: tf.Variable[], steps: number) {
  const { optimizer, rate, othersRate, decay } = recipe;
  const schedules = { constant: undefined, oneCycle: oneCycle({ steps }), linear: linear({ steps }) };
  const schedule = schedules[recipe.schedule];
  const sgd = (learningRate: number, momentum = 0.9, nesterov = true): Optimizer =>
    new Sgd({ learningRate, momentum, nesterov, schedule, weightDecay: learningRate > 0 ? decay / learningRate : 0 });
  if (optimizer !== "muon") {
    return [{ optimizer: sgd(rate, optimizer === "sgd" ? 0 : 0.9, optimizer === "nesterov"), variables }];
  }
  const ofRank = (rank: number) => variables.filter((variable) => variable.rank === rank);
  const muon = new Muon({ learningRate: rate, momentum: 0.6, schedule, normalize: true });
  return [
    { optimizer: muon as Optimizer, variables: ofRank(4) },
    { optimizer: sgd(othersRate.biases, 0.85), variables: ofRank(1) },
    { optimizer: sgd(othersRate.dense, 0.85), variables: ofRank(2) },
  ];
}

/** Images as the network gets to see them in this step. */
function augment({ flip, translate, cutout: side }: Recipe, x: tf.Tensor4D, { step }: Optimizer, stepsInEpoch: number) {
  let seen = x;
  if (flip === "random") seen = randomFlip(seen);
  if (flip === "alternating") {
    const odd = tf.greater(tf.mod(tf.floor(tf.div(step, stepsInEpoch)), 2), 0.5);
    seen = tf.where(odd, tf.reverse(seen, 2), seen);
  }
  if (translate > 0) seen = randomTranslation(seen, translate);
  return side > 0 ? cutout(seen, side, { fill: GREY }) : seen;
}

/** Every second image mirrored, by the toss of a coin, once and for all: `augment` turns them all in every other epoch. */
function halfMirrored({ x, y, size }: Pictures, seed: number): Pictures {
  const coins = generator(seed).split("mirrored");
  const which = Uint8Array.from({ length: size }, () => Number(coins.uniform() < 0.5));
  const mirrored = tf.tidy(() => tf.where(tf.tensor4d(which, [size, 1, 1, 1], "bool"), tf.reverse(x, 2), x));
  return examples(mirrored, y.clone());
}
