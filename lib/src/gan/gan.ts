import { checkInteger, checkLabels, checkNumber, checkOptions, checkShape, checkTensor, refuse } from "../check";
import { globalNorm, MovingAverage } from "../optim";
import { generator as randomGenerator } from "../random";
import { tf } from "../tensorflow";
import { checkOptimizers, checkPair } from "./check-pair";
import { gradientPenalty, r1Penalty } from "./gradient-penalty";
import { GanLoss, ganLoss, GanLossName, shareRight, wasserstein } from "./losses";

export interface GanOptions {
  /** Makes samples: latents `[batch, latent]` in, `[batch, …]` out. A conditional one has a second input, `[batch, classes]`. */
  generator: tf.LayersModel;
  /**
   * Scores: data or samples `[batch, …]` in, logits `[batch, 1]` out, without a sigmoid at the end. A conditional one has a
   * second input, `[batch, classes]`.
   */
  discriminator: tf.LayersModel;
  /** What the two play for. @default "nonSaturating" */
  loss?: GanLossName | GanLoss;
  /** How the generator's weights change. @default Adam with rate 0.0002 and beta1 0.5 */
  generatorOptimizer?: tf.Optimizer;
  /** How the discriminator's weights change: another one. @default the same kind */
  discriminatorOptimizer?: tf.Optimizer;
  /** Weight of `gradientPenalty` in the discriminator's loss. @default 10 for `wasserstein`, else 0 */
  gradientPenalty?: number;
  /** γ of the R1 penalty, `γ/2 · E[|∇D(x)|²]` in the discriminator's loss. @default 0 */
  r1?: number;
  /**
   * Decay of the moving average of the generator's weights, from 0, which keeps none, to less than 1. After n rounds the
   * weights as they began still have a share of `decay^n`: 0.99 has forgotten them after some hundred rounds, 0.999 only
   * after some thousand. @default 0.99
   */
  average?: number;
}

export interface SampleOptions {
  /** With the averaged weights where there are any. @default true */
  averaged?: boolean;
  /** For a conditional pair: the class that each sample is asked for. */
  labels?: ArrayLike<number>;
}

/** What a step of the discriminator measured; scalars of the caller. The loss is without penalties. */
export type DiscriminatorValues = { loss: tf.Scalar; accuracy: tf.Scalar; gradient: tf.Scalar };
/** What a step of the generator measured; scalars of the caller. */
export type GeneratorValues = { loss: tf.Scalar; gradient: tf.Scalar };
/** What a simultaneous step measured; scalars of the caller. */
export type SimultaneousValues = DiscriminatorValues & { generatorLoss: tf.Scalar; generatorGradient: tf.Scalar };

const OPTIONS = [
  "generator",
  "discriminator",
  "loss",
  "generatorOptimizer",
  "discriminatorOptimizer",
  "gradientPenalty",
  "r1",
  "average",
] as const;

/**
 * Two networks that learn from each other: a generator makes samples from noise, a discriminator tells them from data.
 * Each has a step; neither step changes a weight of the other network. Both may be compiled, together or apart.
 *
 * Models with a second input get the class of each row as well, one-hot: a conditional pair, whose steps and samples want
 * labels (Mirza and Osindero: Conditional generative adversarial nets. 2014, arXiv:1411.1784).
 *
 * The models stay the caller's; what the pair made itself, `dispose()` frees.
 *
 * @throws TypeError, RangeError where the two networks do not fit together
 * @example
 * const gan = new Gan({ generator, discriminator });
 * const history = await trainGan(gan, digits, { epochs: 10 });
 * imageGrid(tf.tidy(() => gan.sample(gan.latents(40, "grid"))), { range: [-1, 1] }) // of a tanh
 */
export class Gan {
  readonly generator: tf.LayersModel;
  readonly discriminator: tf.LayersModel;
  readonly loss: GanLoss;
  readonly generatorOptimizer: tf.Optimizer;
  readonly discriminatorOptimizer: tf.Optimizer;
  /** Size of a latent vector. */
  readonly latentSize: number;
  /** How many classes a conditional pair knows; 0 for a pair without labels. */
  readonly classes: number;
  /** The averaged weights of the generator; undefined where none are kept. */
  readonly averaged: MovingAverage | undefined;
  private readonly weights: { gradientPenalty: number; r1: number };
  private readonly own: tf.Optimizer[] = [];

  constructor(options: GanOptions) {
    const where = "Gan()";
    checkOptions(where, options, OPTIONS);
    const { generator, discriminator, loss = "nonSaturating", average = 0.99, r1 = 0 } = options;
    const { latentSize, classes } = checkPair(where, generator, discriminator);
    this.latentSize = latentSize;
    this.classes = classes;
    this.loss = ganLoss(where, loss);
    checkOptimizers(where, options.generatorOptimizer, options.discriminatorOptimizer);
    const { gradientPenalty = this.loss === wasserstein ? 10 : 0 } = options;
    this.weights = {
      gradientPenalty: checkNumber(where, "gradientPenalty", gradientPenalty, { min: 0 }),
      r1: checkNumber(where, "r1", r1, { min: 0 }),
    };
    if (checkNumber(where, "average", average, { min: 0 }) >= 1) refuse(where, "average", "less than 1", average);
    const adam = (): tf.Optimizer => {
      const made = tf.train.adam(0.0002, 0.5);
      this.own.push(made);
      return made;
    };
    this.generator = generator;
    this.discriminator = discriminator;
    this.generatorOptimizer = options.generatorOptimizer ?? adam();
    this.discriminatorOptimizer = options.discriminatorOptimizer ?? adam();
    if (average > 0) this.averaged = new MovingAverage(variablesOf(generator.weights), { decay: average });
  }

  /** All that training changes besides the optimizers: both networks, and the averages. */
  get variables(): tf.Variable[] {
    const { generator, discriminator, averaged } = this;
    return [...variablesOf(generator.weights), ...variablesOf(discriminator.weights), ...(averaged?.averages ?? [])];
  }

  /**
   * One step of the discriminator on as many fresh samples as data.
   *
   * `accuracy` is the share of scores on the right side of the loss's boundary, by default 0; `gradient` the length of all its
   * gradients together.
   *
   * @param real data, `[batch, …]` @param labels their classes, `[batch]`, for a conditional pair: samples get the same ones
   */
  readonly discriminatorStep = (real: tf.Tensor, labels?: tf.Tensor): DiscriminatorValues => {
    checkTensor("discriminatorStep()", "real", real);
    return tf.tidy(() => {
      const condition = this.condition("discriminatorStep()", labels, real.shape[0]);
      const z = this.latents(real.shape[0]);
      const generated = unchanged(this.generator, () => apply(this.generator, z, condition, true));
      const { grads, values } = this.discriminatorSlope(real, generated, condition);
      this.discriminatorOptimizer.applyGradients(grads);
      return values;
    });
  };

  /**
   * One step of the generator, and of its averaged weights.
   *
   * @param count how many samples to make @param labels their classes, `[count]`, for a conditional pair
   */
  readonly generatorStep = (count: number, labels?: tf.Tensor): GeneratorValues => {
    checkInteger("generatorStep()", "count", count, { min: 1 });
    return tf.tidy(() => {
      const { grads, values } = this.generatorSlope(count, this.condition("generatorStep()", labels, count));
      this.generatorOptimizer.applyGradients(grads);
      this.averaged?.update();
      return values;
    });
  };

  /**
   * One step of both from the same samples, each against the other as it was before: the `train_step` of many tutorials. It
   * saves a pass of the generator. Dropout is drawn anew for each network's turn.
   *
   * @param real data, `[batch, …]` @param labels their classes, `[batch]`, for a conditional pair: samples get the same ones
   */
  readonly simultaneousStep = (real: tf.Tensor, labels?: tf.Tensor): SimultaneousValues => {
    checkTensor("simultaneousStep()", "real", real);
    return tf.tidy(() => {
      const condition = this.condition("simultaneousStep()", labels, real.shape[0]);
      const own = this.generatorSlope(real.shape[0], condition);
      const judged = this.discriminatorSlope(real, own.generated, condition);
      this.generatorOptimizer.applyGradients(own.grads);
      this.discriminatorOptimizer.applyGradients(judged.grads);
      this.averaged?.update();
      return { ...judged.values, generatorLoss: own.values.loss, generatorGradient: own.values.gradient };
    });
  };

  private discriminatorSlope(real: tf.Tensor, generated: tf.Tensor, condition: tf.Tensor | undefined) {
    const { discriminator, loss, weights } = this;
    const scores = (x: tf.Tensor) => apply(discriminator, x, condition, true);
    const watched: tf.Tensor[] = [];
    try {
      const { grads, gradient } = slope(discriminator, () => {
        const [ofReal, ofGenerated] = [scores(real), scores(generated)];
        const plain = loss.discriminator(ofReal, ofGenerated);
        // Kept: all else that is made while gradients are recorded is freed with them.
        watched.push(tf.keep(plain.clone()), tf.keep(shareRight(loss, ofReal, ofGenerated)));
        const terms: tf.Tensor[] = [plain];
        if (weights.gradientPenalty > 0) {
          terms.push(tf.mul(gradientPenalty(scores, real, generated), weights.gradientPenalty));
        }
        if (weights.r1 > 0) terms.push(tf.mul(r1Penalty(scores, real), weights.r1 / 2));
        return tf.addN(terms) as tf.Scalar;
      });
      const [plain, accuracy] = watched.map((tensor) => tensor.clone() as tf.Scalar);
      return { grads, values: { loss: plain, accuracy, gradient } };
    } finally {
      tf.dispose(watched);
    }
  }

  private generatorSlope(count: number, condition: tf.Tensor | undefined) {
    const { discriminator, generator, loss } = this;
    const z = this.latents(count);
    const watched: tf.Tensor[] = [];
    try {
      const { grads, gradient } = unchanged(discriminator, () =>
        slope(generator, () => {
          const generated = apply(generator, z, condition, true);
          const cost = loss.generator(apply(discriminator, generated, condition, true));
          watched.push(tf.keep(cost.clone()), tf.keep(generated.clone()));
          return cost;
        }),
      );
      const [plain, generated] = watched.map((tensor) => tensor.clone());
      return { grads, generated, values: { loss: plain as tf.Scalar, gradient } };
    } finally {
      tf.dispose(watched);
    }
  }

  /** Labels as the networks of a conditional pair get them, one-hot. @throws RangeError where they do not fit */
  private condition(where: string, labels: tf.Tensor | undefined, count: number): tf.Tensor | undefined {
    const { classes } = this;
    if (classes === 0) return undefined; // examples always have labels; here nobody asks for them
    checkShape(where, "labels", checkTensor(where, "labels", labels!), [count], "a class for each row.");
    return tf.oneHot(tf.cast(labels!, "int32"), classes, 1, 0, "float32");
  }

  /**
   * Normal noise, `[count, latent]`, to be disposed of by the caller.
   *
   * @param seed the same one gives the same latents every time; without, they follow `setRandomSeed`
   */
  latents(count: number, seed?: number | string): tf.Tensor2D {
    checkInteger("latents()", "count", count, { min: 1 });
    const shape: [number, number] = [count, this.latentSize];
    if (seed === undefined) return tf.randomNormal(shape);
    return tf.tensor2d(randomGenerator(seed).normals(count * this.latentSize), shape);
  }

  /**
   * What the generator makes of latents, without dropout and other training behaviour.
   *
   * @returns `[count, …]`, to be disposed of by the caller
   * @throws RangeError where a conditional pair gets no labels, or other than one for each row
   */
  sample(latents: tf.Tensor, options: SampleOptions = {}): tf.Tensor {
    const where = "sample()";
    checkTensor(where, "latents", latents);
    checkOptions(where, options, ["averaged", "labels"]);
    const { averaged = true, labels } = options;
    const count = latents.shape[0];
    if (this.classes === 0 && labels) refuse(where, "labels", "none, since the pair is not conditional", labels);
    if (this.classes > 0) {
      const remedy = "a class for each row: { labels: [3, 3, 7] }.";
      if (labels?.length !== count) refuse(where, "labels", `${count} classes`, labels, { remedy });
      checkLabels(where, "labels", labels, this.classes);
    }
    const make = () =>
      tf.tidy(() => {
        const condition = this.condition(where, labels && tf.tensor1d(Array.from(labels), "int32"), count);
        return apply(this.generator, latents, condition, false);
      });
    return averaged && this.averaged ? this.averaged.use(make) : make();
  }

  /** Frees the averages and the optimizers that the pair made itself; the models stay. */
  dispose(): void {
    this.averaged?.dispose();
    for (const optimizer of this.own) optimizer.dispose();
  }
}

const apply = (model: tf.LayersModel, x: tf.Tensor, condition: tf.Tensor | undefined, training: boolean): tf.Tensor =>
  model.apply(condition ? [x, condition] : x, { training }) as tf.Tensor;

/** The gradients of a cost by a model's trained weights, and their length, all together. */
function slope(model: tf.LayersModel, cost: () => tf.Scalar): { grads: tf.NamedTensorMap; gradient: tf.Scalar } {
  const { grads } = tf.variableGrads(cost, variablesOf(model.trainableWeights));
  return { grads, gradient: globalNorm(Object.values(grads)) as tf.Scalar };
}

/**
 * Runs something that uses a model, and puts back what layers change by themselves while training, such as the means of
 * batch normalisation: a step of one network must leave the other as it was.
 */
function unchanged<T>(model: tf.LayersModel, f: () => T): T {
  const state = variablesOf(model.nonTrainableWeights);
  const before = state.map((variable) => variable.clone());
  try {
    return f();
  } finally {
    state.forEach((variable, i) => variable.assign(before[i]));
  }
}

const variablesOf = (weights: tf.LayerVariable[]): tf.Variable[] =>
  weights.map((weight) => weight.read() as tf.Variable);
