import { afterAll, describe, expect, it } from "vitest";
import { compile } from "../../../lib/src/capture";
import { gradientPenalty, r1Penalty } from "../../../lib/src/gan/gradient-penalty";
import { tf } from "../../../lib/src/tensorflow";
import truth from "../../fixtures/gan/losses.json";

const { critic: given, penalties } = truth;
const x = tf.tensor2d(given.x);
const generated = tf.tensor2d(given.generated);
const shares = tf.tensor1d(given.shares);
const weights = given.weights.map((values) => tf.variable(tf.tensor(values as number[])));
const activations: Record<string, (z: tf.Tensor) => tf.Tensor> = {
  leakyRelu: (z) => tf.leakyRelu(z, 0.2),
  tanh: tf.tanh,
};
const close = { atol: 1e-6, rtol: 2e-6 };

const criticWith = (activation: string) => (inputs: tf.Tensor) => {
  const hidden = activations[activation](tf.add(tf.matMul(inputs as tf.Tensor2D, weights[0] as never), weights[1]));
  return tf.add(tf.matMul(hidden as tf.Tensor2D, weights[2] as never), weights[3]);
};

/** A penalty and its gradients by the weights; those of a bias behind the last slope are missing, and count as 0. */
const measured = (penalty: () => tf.Scalar) => {
  const { value, grads } = tf.variableGrads(penalty, weights.slice(0, 3));
  return [value, ...weights.slice(0, 3).map(({ name }) => grads[name])];
};

afterAll(() => tf.dispose(weights));

describe.each(penalties)("with $activation", ({ activation, gradientPenalty: wantedPenalty, r1 }) => {
  const critic = criticWith(activation);
  const cases = [
    { name: "gradientPenalty()", f: () => gradientPenalty(critic, x, generated, shares), wanted: wantedPenalty },
    { name: "r1Penalty()", f: () => r1Penalty(critic, x), wanted: r1 },
  ];

  it.each(cases)("$name has PyTorch's value and gradients by the critic's weights", ({ f, wanted }) => {
    const before = tf.memory().numTensors;
    const [value, ...grads] = measured(f);
    expect(value.dataSync()).toBeAllclose([wanted.loss], close);
    grads.forEach((grad, i) => expect(grad.dataSync()).toBeAllclose(wanted.weights[i], close));
    tf.dispose([value, ...grads]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(cases)("$name has them in a compiled step, too", ({ f, wanted }) => {
    const before = tf.memory().numTensors;
    const step = compile(() => measured(f));
    for (let call = 0; call < 3; call++) {
      const [value, ...grads] = step();
      expect(value.dataSync()).toBeAllclose([wanted.loss], close);
      grads.forEach((grad, i) => expect(grad.dataSync()).toBeAllclose(wanted.weights[i], close));
      tf.dispose([value, ...grads]);
    }
    expect(step.stats().recordings).toBe(1);
    step.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("gradientPenalty", () => {
  it("has a finite gradient for a critic that is flat", () => {
    const slope = tf.variable(tf.zeros([3, 1]));
    const flat = (inputs: tf.Tensor) => tf.matMul(inputs as tf.Tensor2D, slope as never);
    const { value, grads } = tf.variableGrads(() => gradientPenalty(flat, x, generated, shares), [slope]);
    expect(value.dataSync()).toBeAllclose([1], { atol: 1e-5 });
    expect(grads[slope.name].dataSync()).toBeAllclose([0, 0, 0]);
    tf.dispose([value, grads[slope.name], slope]);
  });

  it("draws its own places between data and samples, one for each row", () => {
    const seen: number[][] = [];
    const spy = (inputs: tf.Tensor) => {
      seen.push(Array.from(inputs.dataSync()));
      return tf.sum(inputs, 1);
    };
    gradientPenalty(spy, tf.ones([64, 2]), tf.zeros([64, 2])).dispose();
    const [places] = seen;
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...places)).toBeLessThan(1);
    expect(new Set(places.filter((_, i) => i % 2 === 0)).size).toBeGreaterThan(60);
    expect(places.filter((_, i) => i % 2 === 0)).toEqual(places.filter((_, i) => i % 2 === 1));
  });

  it("refuses samples of another shape, and leaves nothing behind", () => {
    const few = tf.ones([4, 3]);
    const before = tf.memory().numTensors;
    expect(() => gradientPenalty(criticWith("tanh"), x, few)).toThrow(
      "gradientPenalty() wants generated to be a tensor of shape [5, 3]",
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});
