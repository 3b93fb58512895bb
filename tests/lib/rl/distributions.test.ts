import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compile } from "../../../lib/src/capture";
import { setRandomSeed } from "../../../lib/src/kernels";
import { Categorical, DiagonalGaussian } from "../../../lib/src/rl/distributions";
import { tf } from "../../../lib/src/tensorflow";
import truth from "../../fixtures/rl/distributions.json";

let before = 0;
beforeEach(() => {
  setRandomSeed(0); // makes the variable that draws come from, which stays
  before = tf.memory().numTensors;
  tf.engine().startScope();
});
afterEach(() => {
  tf.engine().endScope();
  expect(tf.memory().numTensors).toBe(before);
});

const names = ["logProbability", "entropy", "kl"] as const;

/** What PyTorch computed, and how to compute the same here. */
const kinds = {
  Categorical: {
    numbers: truth.categorical,
    make: ([logits]: tf.Tensor[]) => new Categorical(logits as tf.Tensor2D),
    actions: () => tf.tensor1d(truth.categorical.actions, "int32") as tf.Tensor,
  },
  DiagonalGaussian: {
    numbers: truth.gaussian,
    make: ([mean, logStd]: tf.Tensor[]) => new DiagonalGaussian(mean as tf.Tensor2D, logStd),
    actions: () => tf.tensor2d(truth.gaussian.actions) as tf.Tensor,
  },
};

describe.each(Object.entries(kinds))("%s", (_, { numbers, make, actions }) => {
  const parameters = () => numbers.parameters.map((values) => tf.tensor(values));
  const others = () => numbers.others.map((values) => tf.tensor(values));

  it.each(names)("has PyTorch's %s and its gradient", (name) => {
    const measure = (...tensors: tf.Tensor[]): tf.Tensor1D => {
      const [p, q] = [make(tensors), make(others())];
      if (name === "kl") return p.kl(q as never);
      return name === "entropy" ? p.entropy() : p.logProbability(actions());
    };
    expect(measure(...parameters()).dataSync()).toBeAllclose(numbers[name].value, { atol: 1e-6 });
    // A Gaussian's entropy does not depend on the mean, and tf.grads insists that it does.
    const nothing = (tensors: tf.Tensor[]) => tf.addN(tensors.map((tensor) => tensor.sum())).mul(0);
    const gradients = tf.grads((...tensors) =>
      measure(...tensors)
        .sum()
        .add(nothing(tensors)),
    )(parameters());
    gradients.forEach((gradient, i) => {
      expect(gradient.dataSync()).toBeAllclose((numbers[name].gradients[i] as number[][]).flat(), { atol: 2e-6 });
    });
  });

  it("has no divergence from itself", () => {
    expect(
      make(parameters())
        .kl(make(parameters()) as never)
        .abs()
        .max()
        .dataSync()[0],
    ).toBeLessThan(1e-6);
  });

  it("gives the same numbers in a compiled step", () => {
    const step = compile((...tensors: tf.Tensor[]) => {
      const [p, q] = [make(tensors.slice(0, -1)), make(others())];
      return [p.logProbability(tensors[tensors.length - 1]), p.entropy(), p.kl(q as never)];
    });
    for (let call = 0; call < 3; call++) {
      const results = step(...parameters(), actions());
      names.forEach((name, i) => expect(results[i].dataSync()).toBeAllclose(numbers[name].value, { atol: 1e-6 }));
    }
    expect(step.stats().recordings).toBe(1);
    step.dispose();
  });

  it("draws the same actions from the same seed", () => {
    const draw = () => {
      setRandomSeed(3);
      return Array.from(make(parameters()).sample().dataSync());
    };
    expect(draw()).toEqual(draw());
  });
});

describe("Categorical", () => {
  it("draws each action as often as its probability says", () => {
    setRandomSeed(1);
    const p = [0.1, 0.2, 0.3, 0.4];
    const count = 20_000;
    const logits = tf.tile(tf.tensor2d([p.map((value) => Math.log(value) + 7)]), [count, 1]);
    const drawn = new Categorical(logits as tf.Tensor2D).sample().dataSync();
    p.forEach((share, action) => {
      const got = drawn.filter((value) => value === action).length / count;
      // Four standard deviations of a share that is drawn 20,000 times.
      expect(Math.abs(got - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / count));
    });
  });

  it("has the most likely action as its mode", () => {
    expect([
      ...new Categorical(
        tf.tensor2d([
          [1, 3, 2],
          [0, -1, -2],
        ]),
      )
        .mode()
        .dataSync(),
    ]).toEqual([1, 0]);
  });

  it("stays finite for logits that exp() cannot hold", () => {
    const p = new Categorical(tf.tensor2d([[1000, 0, -1000]]));
    expect(p.logProbability(tf.tensor1d([2], "int32")).dataSync()).toBeAllclose([-2000]);
    expect(p.entropy().dataSync()).toBeAllclose([0]);
  });

  it("refuses shapes that don't fit", () => {
    expect(() => new Categorical(tf.tensor1d([1, 2]) as never)).toThrow(
      "Categorical() wants logits to be a tensor of shape [any, any], got a tensor of float32 [2].",
    );
    const p = new Categorical(tf.tensor2d([[1, 2]]));
    expect(() => p.logProbability(tf.tensor1d([0, 1], "int32"))).toThrow("a tensor of shape [1]");
  });
});

describe("DiagonalGaussian", () => {
  it("draws with its mean and standard deviation", () => {
    setRandomSeed(2);
    const count = 20_000;
    const p = new DiagonalGaussian(tf.tile(tf.tensor2d([[3, -1]]), [count, 1]), tf.tensor1d([0.5, -2]));
    const { mean, variance } = tf.moments(p.sample(), 0);
    const std = [Math.exp(0.5), Math.exp(-2)];
    mean.dataSync().forEach((value, i) => expect(Math.abs(value - [3, -1][i])).toBeLessThan((4 * std[i]) / 141));
    // The standard deviation of n draws is off by about std / √(2n).
    variance.dataSync().forEach((value, i) => expect(Math.abs(Math.sqrt(value) - std[i])).toBeLessThan(std[i] / 50));
  });

  it("has the mean as its mode, and accepts a spread for each state", () => {
    const mean = tf.tensor2d([
      [1, 2],
      [3, 4],
    ]);
    const p = new DiagonalGaussian(
      mean,
      tf.tensor2d([
        [0, 0],
        [1, -1],
      ]),
    );
    expect([...p.mode().dataSync()]).toEqual([1, 2, 3, 4]);
    // At the mean: -Σ (logStd + ½ log 2π), the spreads' logarithms summing to 0 in both rows.
    expect(p.logProbability(mean).dataSync()).toBeAllclose([-Math.log(2 * Math.PI), -Math.log(2 * Math.PI)]);
  });

  it("refuses a spread of another size, and actions of another shape", () => {
    const mean = tf.zeros([2, 3]) as tf.Tensor2D;
    expect(() => new DiagonalGaussian(mean, tf.zeros([2]))).toThrow("wants logStd to be a tensor of shape [3]");
    expect(() => new DiagonalGaussian(mean, tf.zeros([3])).logProbability(tf.zeros([2]))).toThrow("shape [2, 3]");
  });
});
