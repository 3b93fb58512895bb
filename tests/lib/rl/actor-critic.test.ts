import { describe, expect, it } from "vitest";
import { generator } from "../../../lib/src/random";
import { ActorCritic } from "../../../lib/src/rl/actor-critic";
import { box, discrete } from "../../../lib/src/rl/spaces";
import { tf } from "../../../lib/src/tensorflow";

const observations = generator(1).normals(3 * 4);
const tensor = () => tf.tensor2d(observations, [3, 4]);

describe("ActorCritic", () => {
  it("starts with all actions about equally likely, and a value function", () => {
    tf.tidy(() => {
      const policy = new ActorCritic(4, discrete(2));
      const logits = policy.actor.predict(tensor()) as tf.Tensor;
      expect(Math.max(...logits.abs().dataSync())).toBeLessThan(0.05);
      expect(policy.values(tensor()).shape).toEqual([3]);
      policy.dispose();
    });
  });

  it("has orthogonal weights of gain √2, 0.01 and 1, and no biases at first", () => {
    const policy = new ActorCritic(4, discrete(2), { hidden: [8, 16] });
    const norms = (model: tf.Sequential) =>
      model.layers.map(({ weights }) =>
        tf.tidy(() => {
          const [kernel, bias] = weights.map((weight) => weight.read());
          expect(bias.abs().max().dataSync()[0]).toBe(0);
          const [rows, columns] = kernel.shape;
          return kernel.norm("euclidean", rows <= columns ? 1 : 0).dataSync()[0];
        }),
      );
    expect(norms(policy.actor)).toBeAllclose([Math.SQRT2, Math.SQRT2, 0.01], { rtol: 1e-5 });
    expect(norms(policy.critic)).toBeAllclose([Math.SQRT2, Math.SQRT2, 1], { rtol: 1e-5 });
    policy.dispose();
  });

  it("acts and values in plain numbers as TensorFlow does", () => {
    const policy = new ActorCritic(4, box(-1, 1, [2]), { seed: 3 });
    const { mean, values } = tf.tidy(() => ({
      mean: policy.distribution(tensor()).mode().dataSync(),
      values: policy.values(tensor()).dataSync(),
    }));
    expect(policy.act(observations, 3, new Float32Array(6))).toBeAllclose(mean, { atol: 1e-6 });
    expect(policy.valuesOf(observations, 3)).toBeAllclose(values, { atol: 1e-6 });
    policy.dispose();
  });

  it("draws from its distribution", () => {
    const choice = new ActorCritic(4, discrete(3), { seed: 1 });
    const random = generator(7);
    const counts = [0, 0, 0];
    const actions = new Float32Array(1);
    for (let i = 0; i < 3000; i++) counts[choice.act(observations.subarray(0, 4), 1, actions, random)[0]]++;
    counts.forEach((count) => expect(Math.abs(count / 3000 - 1 / 3)).toBeLessThan(0.05));
    choice.dispose();

    const real = new ActorCritic(4, box(-1, 1), { logStd: Math.log(0.5) });
    let squares = 0;
    for (let i = 0; i < 3000; i++) squares += real.act(observations.subarray(0, 4), 1, actions, random)[0] ** 2;
    expect(Math.sqrt(squares / 3000)).toBeAllclose(0.5, { rtol: 0.05 });
    real.dispose();
  });

  it("is the same for the same seed", () => {
    const weights = (seed: number) => {
      const policy = new ActorCritic(4, discrete(2), { seed });
      const values = policy.variables.flatMap((variable) => [...variable.dataSync()]);
      policy.dispose();
      return values;
    };
    expect(weights(5)).toEqual(weights(5));
    expect(weights(5)).not.toEqual(weights(6));
  });

  it("says that it has diverged rather than to act on NaN", () => {
    const policy = new ActorCritic(4, discrete(2));
    tf.tidy(() => policy.variables[0].assign(tf.fill([4, 64], NaN)));
    policy.copyWeights();
    expect(() => policy.act(observations, 3, new Float32Array(3))).toThrow("its weights have diverged");
    policy.dispose();
  });

  it("leaves nothing behind", () => {
    const before = tf.memory().numTensors;
    const policy = new ActorCritic(4, box(-1, 1, [2]));
    policy.act(observations, 3, new Float32Array(6), generator(1));
    policy.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("refuses options that it does not know", () => {
    expect(() => new ActorCritic(4, discrete(2), { hiden: [3] } as never)).toThrow("did you mean hidden?");
    expect(() => new ActorCritic(0, discrete(2))).toThrow("wants observationSize");
  });
});
