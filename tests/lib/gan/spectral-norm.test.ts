import { describe, expect, it } from "vitest";
import { compile } from "../../../lib/src/capture";
import { spectralNorm } from "../../../lib/src/gan";
import { setRandomSeed } from "../../../lib/src/kernels";
import { tf } from "../../../lib/src/tensorflow";
import truth from "../../fixtures/gan/spectral-norm.json";
import { free, pair, points, valuesOf } from "./pair";

setRandomSeed(0); // makes the one variable that stays, before anybody counts

const close = { atol: 1e-5, rtol: 1e-4 };

/** The layer of a case in a model, with PyTorch's kernel and vectors. */
function modelOf({ name, start }: (typeof truth.cases)[number]) {
  const layers =
    name === "dense"
      ? [tf.layers.dense({ units: 3, inputShape: [5] })]
      : [tf.layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [5, 5, 2] })];
  const model = tf.sequential({ layers: spectralNorm(layers) });
  const [kernel, bias, u, v] = model.weights.map((weight) => weight.read() as tf.Variable);
  for (const [variable, values] of Object.entries({ kernel, bias, u, v }).map(
    ([key, variable]) => [variable, start[key as keyof typeof start]] as const,
  )) {
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
  }
  return { model, kernel, u, v };
}

describe("spectralNorm", () => {
  describe.each(truth.cases)("of a layer $name", (row) => {
    const shape = row.name === "dense" ? [4, 5] : [2, 5, 5, 2];

    it.each([true, false])("has PyTorch's outputs, vectors and gradients, pass by pass (compiled: %s)", (compiled) => {
      const { model, kernel, u, v } = modelOf(row);
      const x = tf.tensor(row.x, shape);
      const pass = () => {
        let y: tf.Tensor | undefined;
        const { grads } = tf.variableGrads(() => {
          const out = model.apply(x, { training: true }) as tf.Tensor;
          y = tf.keep(out.clone());
          return tf.sum(tf.square(out)) as tf.Scalar;
        }, [kernel]);
        return { y: y!, gradient: grads[kernel.name] };
      };
      const run = compiled ? compile(pass) : pass;
      for (const wanted of row.train) {
        const { y, gradient } = run();
        expect(y.dataSync()).toBeAllclose(wanted.y, close);
        expect(gradient.dataSync()).toBeAllclose(wanted.gradient, { atol: 1e-4, rtol: 1e-4 });
        expect(u.dataSync()).toBeAllclose(wanted.u, close);
        expect(v.dataSync()).toBeAllclose(wanted.v, close);
        tf.dispose([y, gradient]);
      }
      x.dispose();
      model.dispose();
    });

    it("goes no step further outside training", () => {
      const { model, u } = modelOf(row);
      const x = tf.tensor(row.x, shape);
      for (let i = 0; i < 2; i++) {
        const y = model.predict(x) as tf.Tensor;
        expect(y.dataSync()).toBeAllclose(row.eval, close);
        y.dispose();
      }
      expect(u.dataSync()).toBeAllclose(row.start.u, close);
      x.dispose();
      model.dispose();
    });
  });

  it("ends at a largest singular value of 1, which a diagonal shows", () => {
    const layer = tf.layers.dense({ units: 3, inputShape: [3], useBias: false });
    const model = tf.sequential({ layers: spectralNorm([layer], { iterations: 30 }) });
    const diagonal = tf.diag(tf.tensor1d([1, 5, 2]));
    (model.weights[0].read() as tf.Variable).assign(diagonal);
    const y = tf.tidy(() => (model.apply(tf.eye(3), { training: true }) as tf.Tensor).dataSync());
    expect(y).toBeAllclose([0.2, 0, 0, 0, 1, 0, 0, 0, 0.4], { atol: 1e-5 });
    diagonal.dispose();
    model.dispose();
  });

  it("changes dense layers and convolutions alone, the same way for the same seed", () => {
    const layers = () => [tf.layers.dense({ units: 4, inputShape: [3] }), tf.layers.leakyReLU()];
    const before = tf.memory().numTensors;
    const vectors = (seed: number) => {
      const model = tf.sequential({ layers: spectralNorm(layers(), { seed }) });
      expect(model.nonTrainableWeights.length).toBe(2);
      const values = model.nonTrainableWeights.map((weight) => Array.from(weight.read().dataSync()));
      model.dispose();
      return values;
    };
    expect(vectors(1)).toEqual(vectors(1));
    expect(vectors(1)).not.toEqual(vectors(2));
    expect(tf.memory().numTensors).toBe(before);
  });

  it("stays as it is while the other network of a pair steps, and leaks nothing", () => {
    const dense = (units: number, inputShape?: number[]) => tf.layers.dense({ units, inputShape });
    const discriminator = tf.sequential({ layers: spectralNorm([dense(8, [2]), tf.layers.leakyReLU(), dense(1)]) });
    const gan = pair({ discriminator, r1: 1 });
    const data = points();
    const [d, g] = [compile(gan.discriminatorStep), compile(gan.generatorStep)];
    for (let round = 0; round < 3; round++) {
      const before = valuesOf(discriminator);
      tf.dispose(d(data.x));
      const trained = valuesOf(discriminator);
      // The u of a layer with one output is 1 or -1 for ever.
      expect(trained.filter((values, i) => String(values) === String(before[i])).length).toBe(1);
      tf.dispose(g(40));
      expect(valuesOf(discriminator)).toEqual(trained);
    }
    const during = tf.memory().numTensors;
    tf.dispose([gan.discriminatorStep(data.x), gan.generatorStep(40)]);
    expect(tf.memory().numTensors).toBe(during);
    data.dispose();
    free(gan);
  });

  it("refuses a layer that is built, since its weights would be those of the model before", () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], name: "early" })] });
    expect(() => spectralNorm(model.layers)).toThrow("new ones, in no model yet");
    const fresh = tf.layers.dense({ units: 1, inputShape: [2] });
    expect(() => spectralNorm([fresh, ...model.layers])).toThrow("early, which is built");
    model.dispose();
    spectralNorm([fresh]); // was left as it was
    expect(() => spectralNorm([fresh])).toThrow("which is normalised already");
    const twice = tf.layers.dense({ units: 1, inputShape: [2] });
    expect(() => spectralNorm([twice, twice])).toThrow("which is normalised already");
  });
});
