import { checkFunction, checkInteger, checkNumber, checkOptions, checkTensor, refuse } from "../check";
import { globalNorm, MovingAverage } from "../optim";
import { generator as randomGenerator } from "../random";
import { tf } from "../tensorflow";
import { gradientPenalty, r1Penalty } from "./gradient-penalty";
import { GanLoss, ganLoss, GanLossName } from "./losses";

export interface GanOptions {
  /** Makes samples: latents `[batch, latent]` in, `[batch, …]` out. */
  generator: tf.LayersModel;
  /** Scores: data or samples `[batch, …]` in, logits `[batch, 1]` out, without a sigmoid at the end. */
  discriminator: tf.LayersModel;
  /** What the two play for. @default "nonSaturating" */
  loss?: GanLossName | GanLoss;
  /** How the generator's weights change. @default Adam with rate 0.0002 and beta1 0.5 */
  generatorOptimizer?: tf.Optimizer;
  /** How the discriminator's weights change. @default the same, another one */
  discriminatorOptimizer?: tf.Optimizer;
  /** Weight of `gradientPenalty` in the discriminator's loss. @default 10 for "wasserstein", else 0 */
  gradientPenalty?: number;
  /** γ of the R1 penalty, `γ/2 · E[|∇D(x)|²]` in the discriminator's loss. @default 0 */
  r1?: number;
  /** Decay of the moving average of the generator's weights; 0 keeps none. @default 0.999 */
  average?: number;
}

/** What a step of the discriminator measured; scalars of the caller. The loss is without penalties. */
export type DiscriminatorValues = { loss: tf.Scalar; accuracy: tf.Scalar; gradient: tf.Scalar };
/** What a step of the generator measured; scalars of the caller. */
export type GeneratorValues = { loss: tf.Scalar; gradient: tf.Scalar };

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
 * The models stay the caller's; what the pair made itself, `dispose()` frees.
 *
 * @throws TypeError, RangeError where the two networks do not fit together
 * @example
 * const gan = new Gan({ generator, discriminator });
 * const history = await trainGan(gan, digits, { epochs: 10 });
 * imageGrid(gan.sample(gan.latents(40, "grid")))
 */
export class Gan {
  readonly generator: tf.LayersModel;
  readonly discriminator: tf.LayersModel;
  readonly loss: GanLoss;
  readonly generatorOptimizer: tf.Optimizer;
  readonly discriminatorOptimizer: tf.Optimizer;
  /** Size of a latent vector. */
  readonly latentSize: number;
  /** The averaged weights of the generator; undefined where none are kept. */
  readonly averaged: MovingAverage | undefined;
  private readonly weights: { gradientPenalty: number; r1: number };
  private readonly own: tf.Optimizer[] = [];

  constructor(options: GanOptions) {
    const where = "Gan()";
    checkOptions(where, options, OPTIONS);
    const { generator, discriminator, loss = "nonSaturating", average = 0.999, r1 = 0 } = options;
    const { gradientPenalty = loss === "wasserstein" ? 10 : 0 } = options;
    this.latentSize = checkPair(where, generator, discriminator);
    this.loss = ganLoss(where, loss);
    this.weights = {
      gradientPenalty: checkNumber(where, "gradientPenalty", gradientPenalty, { min: 0 }),
      r1: checkNumber(where, "r1", r1, { min: 0 }),
    };
    checkNumber(where, "average", average, { min: 0, max: 1 });
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
   * `accuracy` is the share of scores on the right side of 0; `gradient` the length of all its gradients together.
   *
   * @param real data, `[batch, …]`
   */
  readonly discriminatorStep = (real: tf.Tensor): DiscriminatorValues => {
    checkTensor("discriminatorStep()", "real", real);
    const { discriminator, generator, loss, weights } = this;
    return tf.tidy(() =>
      unchanged(generator, () => {
        const generated = generator.apply(this.latents(real.shape[0]), { training: true }) as tf.Tensor;
        const scores = (x: tf.Tensor) => discriminator.apply(x, { training: true }) as tf.Tensor;
        const watched: tf.Tensor[] = [];
        const cost = () => {
          const [ofReal, ofGenerated] = [scores(real), scores(generated)];
          const plain = loss.discriminator(ofReal, ofGenerated);
          // Kept: all else that is made while gradients are recorded is freed with them.
          watched.push(tf.keep(plain.clone()), tf.keep(shareRight(ofReal, ofGenerated)));
          const terms: tf.Tensor[] = [plain];
          if (weights.gradientPenalty > 0) {
            terms.push(tf.mul(gradientPenalty(scores, real, generated), weights.gradientPenalty));
          }
          if (weights.r1 > 0) terms.push(tf.mul(r1Penalty(scores, real), weights.r1 / 2));
          return tf.addN(terms) as tf.Scalar;
        };
        try {
          const gradient = descend(this.discriminatorOptimizer, discriminator, cost);
          const [plain, accuracy] = watched.map((tensor) => tensor.clone() as tf.Scalar);
          return { loss: plain, accuracy, gradient };
        } finally {
          tf.dispose(watched);
        }
      }),
    );
  };

  /**
   * One step of the generator, and of its averaged weights.
   *
   * @param count how many samples to make
   */
  readonly generatorStep = (count: number): GeneratorValues => {
    checkInteger("generatorStep()", "count", count, { min: 1 });
    const { discriminator, generator, loss } = this;
    return tf.tidy(() =>
      unchanged(discriminator, () => {
        const z = this.latents(count);
        let plain: tf.Tensor | undefined;
        try {
          const gradient = descend(this.generatorOptimizer, generator, () => {
            const generated = generator.apply(z, { training: true }) as tf.Tensor;
            const cost = loss.generator(discriminator.apply(generated, { training: true }) as tf.Tensor);
            plain = tf.keep(cost.clone());
            return cost;
          });
          this.averaged?.update();
          return { loss: plain!.clone() as tf.Scalar, gradient };
        } finally {
          plain?.dispose();
        }
      }),
    );
  };

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
   * @param averaged with the averaged weights where there are any @default true
   * @returns `[count, …]`, to be disposed of by the caller
   */
  sample(latents: tf.Tensor, { averaged = true }: { averaged?: boolean } = {}): tf.Tensor {
    checkTensor("sample()", "latents", latents);
    const make = () => tf.tidy(() => this.generator.apply(latents, { training: false }) as tf.Tensor);
    return averaged && this.averaged ? this.averaged.use(make) : make();
  }

  /** Frees the averages and the optimizers that the pair made itself; the models stay. */
  dispose(): void {
    this.averaged?.dispose();
    for (const optimizer of this.own) optimizer.dispose();
  }
}

/** One step of an optimizer along the gradients of a model's trained weights. @returns their length, all together */
function descend(optimizer: tf.Optimizer, model: tf.LayersModel, cost: () => tf.Scalar): tf.Scalar {
  const { grads } = tf.variableGrads(cost, variablesOf(model.trainableWeights));
  const length = globalNorm(Object.values(grads));
  optimizer.applyGradients(grads);
  return length as tf.Scalar;
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

const shareRight = (real: tf.Tensor, generated: tf.Tensor): tf.Scalar =>
  tf.div(tf.add(tf.mean(tf.greater(real, 0)), tf.mean(tf.less(generated, 0))), 2);

const variablesOf = (weights: tf.LayerVariable[]): tf.Variable[] =>
  weights.map((weight) => weight.read() as tf.Variable);

/** @returns the size of a latent vector */
function checkPair(where: string, generator: tf.LayersModel, discriminator: tf.LayersModel): number {
  for (const [name, model] of Object.entries({ generator, discriminator })) {
    checkFunction(where, `${name}.apply`, model?.apply, `give it a tf.LayersModel as ${name}.`);
    if (model.inputs.length !== 1 || model.outputs.length !== 1) {
      refuse(where, name, "a model with one input and one output", model.inputs.length);
    }
  }
  const tail = (tensor: tf.SymbolicTensor) =>
    `[${["batch", ...tensor.shape.slice(1).map((n) => n ?? "any")].join(", ")}]`;
  const [latents, samples] = [generator.inputs[0], generator.outputs[0]];
  const [inputs, logits] = [discriminator.inputs[0], discriminator.outputs[0]];
  if (latents.shape.length !== 2 || latents.shape[1] === null) {
    throw new RangeError(`${where} wants a generator of latents [batch, size], got one of ${tail(latents)}.`);
  }
  if (tail(samples) !== tail(inputs)) {
    throw new RangeError(
      `${where} wants a discriminator of what the generator makes, ${tail(samples)}, got one of ${tail(inputs)}.`,
    );
  }
  if (logits.shape.length !== 2 || logits.shape[1] !== 1) {
    throw new RangeError(`${where} wants a discriminator that answers logits [batch, 1], got ${tail(logits)}.`);
  }
  const last = discriminator.layers[discriminator.layers.length - 1] as unknown as {
    activation?: { getClassName?(): string };
  };
  if (last.activation?.getClassName?.() === "sigmoid") {
    throw new RangeError(
      `${where} wants a discriminator that ends in logits, got one that ends in a sigmoid. ` +
        "Remedy: leave the last activation out; the losses have it inside, where it is stable.",
    );
  }
  return latents.shape[1];
}
