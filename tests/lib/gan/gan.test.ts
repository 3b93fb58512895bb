import { describe, expect, it } from "vitest";
import { compile } from "../../../lib/src/capture";
import { setRandomSeed } from "../../../lib/src/kernels";
import { Gan, GanLossName, hinge, leastSquares, wasserstein } from "../../../lib/src/gan";
import { shareRight } from "../../../lib/src/gan/losses";
import { tf } from "../../../lib/src/tensorflow";
import { conditionalPair, free, pair, PairOptions, points, twoClasses, valuesOf } from "./pair";

setRandomSeed(0); // makes the one variable that stays, before anybody counts

const kinds: [string, PairOptions][] = [
  ["plain networks", {}],
  ["batch normalisation and dropout", { batchNorm: true, dropout: 0.3 }],
  ["a gradient penalty through leaky ReLU", { loss: "wasserstein" }],
  ["R1", { r1: 1 }],
];

describe.each(kinds)("a pair with %s", (_, options) => {
  it.each([true, false])("steps of one network leave the other equal to the last bit (compiled: %s)", (compiled) => {
    const data = points();
    const gan = pair(options);
    const ofDiscriminator = compiled ? compile(gan.discriminatorStep) : gan.discriminatorStep;
    const ofGenerator = compiled ? compile(gan.generatorStep) : gan.generatorStep;
    for (let round = 0; round < 4; round++) {
      const [g, d] = [valuesOf(gan.generator), valuesOf(gan.discriminator)];
      tf.dispose(ofDiscriminator(data.x));
      expect(valuesOf(gan.generator)).toEqual(g);
      const trained = valuesOf(gan.discriminator);
      // A constant added to all scores changes no difference of means: that bias has no gradient.
      const still = options.loss === "wasserstein" ? 1 : 0;
      expect(trained.filter((values, i) => String(values) === String(d[i])).length).toBe(still);

      tf.dispose(ofGenerator(40));
      expect(valuesOf(gan.discriminator)).toEqual(trained);
      valuesOf(gan.generator).forEach((values, i) => expect(values).not.toEqual(g[i]));
    }
    data.dispose();
    free(gan);
  });

  it("holds the number of tensors constant, and frees all", () => {
    const before = tf.memory().numTensors;
    const data = points();
    const gan = pair(options);
    const both = () => tf.dispose([gan.discriminatorStep(data.x), gan.generatorStep(40)]);
    both();
    const during = tf.memory().numTensors;
    for (let i = 0; i < 5; i++) both();
    expect(tf.memory().numTensors).toBe(during);
    data.dispose();
    free(gan);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("a step of the discriminator", () => {
  it("reports the loss before its update, the share of right scores and the gradients' length", () => {
    const data = points();
    // One number in, one out: D(x) = w·x, so that all can be computed by hand.
    const generator = tf.sequential({
      layers: [tf.layers.dense({ units: 2, inputShape: [1], kernelInitializer: "zeros", name: "g" })],
    });
    const discriminator = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [2], kernelInitializer: "ones", useBias: false, name: "d" })],
    });
    const gan = new Gan({ generator, discriminator, loss: "wasserstein", gradientPenalty: 0, average: 0 });
    const { loss, accuracy, gradient } = gan.discriminatorStep(data.x);
    const rows = data.x.arraySync();
    const mean = (f: (row: number[]) => number) => rows.reduce((sum, row) => sum + f(row), 0) / rows.length;
    // Samples are all (0, 0): their score is 0, which is not below 0.
    expect(loss.dataSync()).toBeAllclose([-mean(([a, b]) => a + b)]);
    expect(accuracy.dataSync()).toBeAllclose([mean(([a, b]) => Number(a + b > 0)) / 2]);
    expect(gradient.dataSync()).toBeAllclose([
      Math.hypot(
        mean(([a]) => a),
        mean(([, b]) => b),
      ),
    ]);
    tf.dispose([loss, accuracy, gradient]);
    data.dispose();
    free(gan);
  });

  it("counts scores about ½ for least squares, which pulls them to 1 and 0", () => {
    tf.tidy(() => {
      const [real, generated] = [tf.tensor1d([0.9, 0.6, 0.4, 1.2]), tf.tensor1d([0.1, 0.3, 0.7, -0.2])];
      expect(shareRight(leastSquares, real, generated).dataSync()).toBeAllclose([0.75]);
      expect(shareRight(hinge, real, generated).dataSync()).toBeAllclose([(1 + 0.25) / 2]);
    });
  });

  it("adds its penalties to what it follows, and not to what it reports", () => {
    const data = points();
    const run = (options: PairOptions) => {
      setRandomSeed(3);
      const gan = pair(options);
      const { loss } = gan.discriminatorStep(data.x);
      const weights = valuesOf(gan.discriminator);
      const [value] = loss.dataSync();
      free(gan);
      return { value, weights };
    };
    const plain = run({});
    for (const penalty of [{ r1: 2 }, { gradientPenalty: 10 }]) {
      const other = run(penalty);
      expect(other.value).toBe(plain.value);
      expect(other.weights).not.toEqual(plain.weights);
    }
    data.dispose();
  });
});

describe("a simultaneous step", () => {
  it.each([true, false])(
    "follows both gradients at the weights before it, from the same samples (compiled: %s)",
    (compiled) => {
      const rate = 0.1;
      const data = points();
      const gan = pair({ generatorOptimizer: tf.train.sgd(rate), discriminatorOptimizer: tf.train.sgd(rate) });
      const variables = (model: tf.LayersModel) => model.weights.map((weight) => weight.read() as tf.Variable);
      const step = compiled ? compile(gan.simultaneousStep) : gan.simultaneousStep;
      for (let round = 0; round < 3; round++) {
        setRandomSeed(9);
        const wanted = tf.tidy(() => {
          const z = gan.latents(40);
          const samples = gan.generator.apply(z) as tf.Tensor;
          const score = (x: tf.Tensor) => gan.discriminator.apply(x) as tf.Tensor;
          const ofDiscriminator = tf.variableGrads(
            () => gan.loss.discriminator(score(data.x), score(samples)),
            variables(gan.discriminator),
          );
          const ofGenerator = tf.variableGrads(
            () => gan.loss.generator(score(gan.generator.apply(z) as tf.Tensor)),
            variables(gan.generator),
          );
          const moved = (model: tf.LayersModel, grads: tf.NamedTensorMap) =>
            variables(model).map((w) => Array.from(tf.sub(w, tf.mul(grads[w.name], rate)).dataSync()));
          return {
            generator: moved(gan.generator, ofGenerator.grads),
            discriminator: moved(gan.discriminator, ofDiscriminator.grads),
            losses: [ofDiscriminator.value.dataSync()[0], ofGenerator.value.dataSync()[0]],
          };
        });
        setRandomSeed(9);
        const { loss, generatorLoss, ...rest } = step(data.x);
        expect([loss.dataSync()[0], generatorLoss.dataSync()[0]]).toBeAllclose(wanted.losses, { rtol: 1e-5 });
        expect(valuesOf(gan.generator).flat()).toBeAllclose(wanted.generator.flat(), { atol: 1e-5 });
        expect(valuesOf(gan.discriminator).flat()).toBeAllclose(wanted.discriminator.flat(), { atol: 1e-5 });
        tf.dispose([loss, generatorLoss, rest]);
      }
      data.dispose();
      free(gan);
    },
  );

  it("holds the number of tensors constant", () => {
    const data = points();
    const gan = pair({ batchNorm: true, dropout: 0.3, r1: 1 });
    tf.dispose(gan.simultaneousStep(data.x));
    const during = tf.memory().numTensors;
    for (let i = 0; i < 5; i++) tf.dispose(gan.simultaneousStep(data.x));
    expect(tf.memory().numTensors).toBe(during);
    data.dispose();
    free(gan);
  });
});

describe("a conditional pair", () => {
  it("steps one network and leaves the other equal to the last bit", () => {
    const data = twoClasses();
    const gan = conditionalPair({ r1: 1 });
    expect([gan.latentSize, gan.classes]).toEqual([3, 2]);
    const [d, g] = [compile(gan.discriminatorStep), compile(gan.generatorStep)];
    for (let round = 0; round < 3; round++) {
      const before = valuesOf(gan.generator);
      tf.dispose(d(data.x, data.y));
      expect(valuesOf(gan.generator)).toEqual(before);
      const trained = valuesOf(gan.discriminator);
      tf.dispose(g(40, data.y));
      expect(valuesOf(gan.discriminator)).toEqual(trained);
      expect(valuesOf(gan.generator)).not.toEqual(before);
    }
    data.dispose();
    free(gan);
  });

  it("samples the class that it is asked for, one-hot", () => {
    const gan = conditionalPair({ average: 0 });
    tf.tidy(() => {
      const z = gan.latents(3, "fixed");
      const wanted = gan.generator.predict([
        z,
        tf.tensor2d([
          [0, 1],
          [1, 0],
          [0, 1],
        ]),
      ]);
      expect(gan.sample(z, { labels: [1, 0, 1] }).dataSync()).toEqual((wanted as tf.Tensor).dataSync());
    });
    free(gan);
  });

  it("refuses labels that are missing, too few or no class, and models of which one alone has classes", () => {
    const gan = conditionalPair();
    const plain = pair();
    const data = twoClasses();
    const z = gan.latents(3);
    const few = tf.tensor1d([1], "int32");
    const before = tf.memory().numTensors;
    expect(() => gan.discriminatorStep(data.x)).toThrow("discriminatorStep() wants labels to be a tensor");
    expect(() => gan.discriminatorStep(data.x, few)).toThrow("labels");
    expect(() => gan.sample(z)).toThrow("sample() wants labels to be 3 classes");
    expect(() => gan.sample(z, { labels: [0, 1, 2] })).toThrow("labels");
    expect(() => plain.sample(z, { labels: [0, 1, 0] })).toThrow("none, since the pair is not conditional");
    expect(() => new Gan({ generator: gan.generator, discriminator: plain.discriminator })).toThrow(
      "got second inputs [batch, 2] for the generator and none for the discriminator.",
    );
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([z, few]);
    data.dispose();
    free(gan);
    free(plain);
  });
});

describe("a pair", () => {
  it.each(["minimax", "nonSaturating", "leastSquares", "hinge", "wasserstein"] as GanLossName[])(
    "gives the same steps compiled and not, with %s",
    (loss) => {
      const data = points();
      const run = (compiled: boolean) => {
        setRandomSeed(7);
        const gan = pair({ loss });
        const d = compiled ? compile(gan.discriminatorStep) : gan.discriminatorStep;
        const g = compiled ? compile(gan.generatorStep) : gan.generatorStep;
        for (let i = 0; i < 5; i++) tf.dispose([d(data.x), g(40)]);
        const values = [...valuesOf(gan.generator), ...valuesOf(gan.discriminator)].flat();
        free(gan);
        return values;
      };
      expect(run(true)).toBeAllclose(run(false), { atol: 1e-5 });
      data.dispose();
    },
  );

  it("keeps the average of the generator's weights, and samples with it", () => {
    const gan = pair({ average: 0.9 });
    const before = valuesOf(gan.generator);
    tf.dispose(gan.generatorStep(16));
    const after = valuesOf(gan.generator);
    gan.averaged!.averages.forEach((average, i) => {
      expect(average.dataSync()).toBeAllclose(before[i].map((value, k) => 0.9 * value + 0.1 * after[i][k]));
    });
    tf.tidy(() => {
      const z = gan.latents(4, "fixed");
      expect(gan.sample(z).dataSync()).not.toEqual(gan.sample(z, { averaged: false }).dataSync());
      const own = gan.generator.predict(z) as tf.Tensor;
      expect(gan.sample(z, { averaged: false }).dataSync()).toEqual(own.dataSync());
    });
    expect(valuesOf(gan.generator)).toEqual(after);
    free(gan);
  });

  it("draws the same latents for a seed, others without", () => {
    tf.tidy(() => {
      const gan = pair();
      expect(gan.latents(5, "a").dataSync()).toEqual(gan.latents(5, "a").dataSync());
      expect(gan.latents(5, "a").dataSync()).not.toEqual(gan.latents(5, "b").dataSync());
      expect(gan.latents(5).dataSync()).not.toEqual(gan.latents(5).dataSync());
      expect(gan.latents(5).shape).toEqual([5, 3]);
      free(gan);
    });
  });

  it("refuses networks that do not fit together", () => {
    const dense = (units: number, size: number, activation?: "sigmoid") =>
      tf.sequential({ layers: [tf.layers.dense({ units, inputShape: [size], activation })] });
    const make = (generator: tf.LayersModel, discriminator: tf.LayersModel) => () =>
      new Gan({ generator, discriminator });
    expect(make(dense(2, 3), dense(1, 4))).toThrow(
      "Gan() wants a discriminator of what the generator makes, [batch, 2], got one of [batch, 4].",
    );
    expect(make(dense(2, 3), dense(5, 2))).toThrow("logits [batch, 1], got [batch, 5]");
    expect(make(dense(2, 3), dense(1, 2, "sigmoid"))).toThrow("Remedy: leave the last activation out");
    expect(() => pair({ los: "hinge" } as never)).toThrow("Gan() has no option los. Remedy: did you mean loss?");
    expect(() => pair({ r1: -1 })).toThrow("Gan() wants r1 to be a finite number from 0 up, got -1.");
    expect(() => pair({ average: 1 })).toThrow("Gan() wants average to be less than 1, got 1.");
    expect(() => pair({ generatorOptimizer: "adam" as never })).toThrow(
      "Gan() wants generatorOptimizer.applyGradients to be a function, got undefined.",
    );
    const one = tf.train.adam();
    expect(() => pair({ generatorOptimizer: one, discriminatorOptimizer: one })).toThrow(
      "an optimizer for each network",
    );
    one.dispose();
    const [x, y] = [tf.input({ shape: [2] }), tf.layers.dense({ units: 1 })];
    const two = tf.model({ inputs: x, outputs: [y.apply(x), y.apply(x)] as tf.SymbolicTensor[] });
    expect(make(two, dense(1, 2))).toThrow("got one with 1 inputs and 2 outputs.");
  });

  it("takes a discriminator of images of any size", () => {
    const layers = tf.layers;
    const generator = tf.sequential({
      layers: [layers.dense({ units: 16, inputShape: [3] }), layers.reshape({ targetShape: [4, 4, 1] })],
    });
    const discriminator = tf.sequential({
      layers: [
        layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [null, null, 1] as never }),
        layers.globalAveragePooling2d({}),
        layers.dense({ units: 1 }),
      ],
    });
    const gan = new Gan({ generator, discriminator });
    tf.dispose(gan.generatorStep(4));
    free(gan);
  });

  it("penalises the critic's slope whichever way the Wasserstein loss is named", () => {
    const data = points();
    const run = (loss: PairOptions["loss"]) => {
      setRandomSeed(3);
      const gan = pair({ loss });
      tf.dispose(gan.discriminatorStep(data.x));
      const weights = valuesOf(gan.discriminator);
      free(gan);
      return weights;
    };
    expect(run(wasserstein)).toEqual(run("wasserstein"));
    expect(run({ ...wasserstein })).not.toEqual(run("wasserstein")); // a loss of one's own has no penalty by itself
    data.dispose();
  });

  it("leaves nothing behind where a step fails", () => {
    const gan = pair();
    const wrong = tf.zeros([4, 5]);
    const before = tf.memory().numTensors;
    expect(() => gan.discriminatorStep(wrong)).toThrow();
    expect(tf.memory().numTensors).toBe(before);
    wrong.dispose();
    free(gan);
  });
});
