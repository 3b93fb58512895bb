import { describe, expect, it } from "vitest";
import { compile } from "../../../lib/src/capture";
import { setRandomSeed } from "../../../lib/src/kernels";
import { Gan, GanLossName } from "../../../lib/src/gan";
import { tf } from "../../../lib/src/tensorflow";
import { free, pair, PairOptions, points, valuesOf } from "./pair";

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
