/** Small pairs of networks and data for tests. */
import { examples } from "../../../lib/src/data";
import { Gan, GanOptions } from "../../../lib/src/gan";
import { generator } from "../../../lib/src/random";
import { tf } from "../../../lib/src/tensorflow";

export interface PairOptions extends Partial<GanOptions> {
  batchNorm?: boolean;
  dropout?: number;
}

/** A generator 3 -> 8 -> 2 and a discriminator 2 -> 8 -> 1, the same ones every time. */
export function pair({ batchNorm = false, dropout = 0, ...options }: PairOptions = {}): Gan {
  const he = (seed: number) => tf.initializers.heNormal({ seed });
  const dense = (units: number, seed: number, inputShape?: number[]) =>
    tf.layers.dense({ units, kernelInitializer: he(seed), inputShape });
  const between = (): tf.layers.Layer[] => [
    ...(batchNorm ? [tf.layers.batchNormalization()] : []),
    tf.layers.leakyReLU({ alpha: 0.2 }),
  ];
  const drop = dropout > 0 ? [tf.layers.dropout({ rate: dropout })] : [];
  const adam = () => tf.train.adam(0.01, 0.5);
  return new Gan({
    generator: tf.sequential({ layers: [dense(8, 1, [3]), ...between(), dense(2, 2)] }),
    discriminator: tf.sequential({ layers: [dense(8, 3, [2]), ...between(), ...drop, dense(1, 4)] }),
    generatorOptimizer: adam(),
    discriminatorOptimizer: adam(),
    ...options,
  });
}

/** A pair that is told one of two classes: a generator 3 + 2 -> 8 -> 2 and a discriminator 2 + 2 -> 8 -> 1. */
export function conditionalPair(options: Partial<GanOptions> = {}): Gan {
  const model = (inputs: number, outputs: number, seed: number) => {
    const [x, asked] = [tf.input({ shape: [inputs] }), tf.input({ shape: [2] })];
    const dense = (units: number, place: number) =>
      tf.layers.dense({ units, kernelInitializer: tf.initializers.heNormal({ seed: seed + place }) });
    const layers = [tf.layers.concatenate(), dense(8, 0), tf.layers.leakyReLU({ alpha: 0.2 }), dense(outputs, 1)];
    const end = layers.reduce<tf.SymbolicTensor | tf.SymbolicTensor[]>(
      (y, layer) => layer.apply(y) as tf.SymbolicTensor,
      [x, asked],
    );
    return tf.model({ inputs: [x, asked], outputs: end });
  };
  const adam = () => tf.train.adam(0.01, 0.5);
  return new Gan({
    generator: model(3, 2, 1),
    discriminator: model(2, 1, 3),
    generatorOptimizer: adam(),
    discriminatorOptimizer: adam(),
    ...options,
  });
}

/** 40 points around (2, 0), of class 0, and (-2, 0), of class 1. */
export function twoClasses() {
  const rng = generator(6);
  const rows = Array.from({ length: 40 }, (_, i) => [(i % 2 === 0 ? 2 : -2) + rng.normal() / 2, rng.normal() / 2]);
  const labels = rows.map((_, i) => i % 2);
  return examples(tf.tensor2d(rows), tf.tensor1d(labels, "int32"));
}

/** 40 points of the normal distribution around (2, 0). */
export function points() {
  const rng = generator(5);
  const rows = Array.from({ length: 40 }, () => [2 + rng.normal() / 2, rng.normal() / 2]);
  return examples(tf.tensor2d(rows), tf.zeros([40]) as tf.Tensor1D);
}

export const valuesOf = (model: tf.LayersModel): number[][] =>
  model.weights.map((weight) => Array.from(weight.read().dataSync()));

/** Frees a pair with its models and optimizers. */
export function free(gan: Gan): void {
  gan.dispose();
  gan.generator.dispose();
  gan.discriminator.dispose();
  gan.generatorOptimizer.dispose();
  gan.discriminatorOptimizer.dispose();
}
