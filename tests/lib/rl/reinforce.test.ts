import { describe, expect, it } from "vitest";
import { generator } from "../../../lib/src/random";
import { ActorCritic } from "../../../lib/src/rl/actor-critic";
import { identity } from "../../../lib/src/rl/envs/identity";
import { reinforce } from "../../../lib/src/rl/reinforce";
import { sampleCategorical } from "../../../lib/src/rl/sampling";
import { discrete } from "../../../lib/src/rl/spaces";
import { tf } from "../../../lib/src/tensorflow";
import { identityScore } from "./identity-score";

describe("reinforce", () => {
  it.each([true, false])("learns to do what it sees, with a baseline: %s", async (baseline) => {
    const settings = { hidden: [16], rollout: 400, gamma: 0.5, learningRate: 0.02, baseline };
    const agent = reinforce(() => identity(), settings);
    await agent.learn({ steps: 8000, progress: false });
    expect(identityScore(agent)).toBeGreaterThanOrEqual(90);
    agent.dispose();
  });
});

describe("the estimate of REINFORCE on a bandit", () => {
  // J = Σ p_a r_a, so ∂J/∂z_k = p_k (r_k - J), by hand.
  const logits = [0.2, -0.5, 1];
  const rewards = [1, 5, -2];
  const exps = logits.map(Math.exp);
  const p = exps.map((value) => value / exps.reduce((sum, other) => sum + other, 0));
  const worth = p.reduce((sum, share, a) => sum + share * rewards[a], 0);
  const exact = p.map((share, a) => share * (rewards[a] - worth));

  /** A policy whose logits are those above, in any state. */
  function policyOf() {
    const policy = new ActorCritic(1, discrete(3), { hidden: [] });
    tf.tidy(() => policy.actorVariables[1].assign(tf.tensor1d(logits)));
    return policy;
  }

  it("equals the exact gradient when every action counts with its probability", () => {
    const policy = policyOf();
    const gradient = tf.tidy(() => {
      const actions = tf.tensor1d([0, 1, 2], "int32");
      const gain = () =>
        policy
          .distribution(tf.zeros([3, 1]))
          .logProbability(actions)
          .mul(tf.tensor1d(p.map((share, a) => share * rewards[a])))
          .sum() as tf.Scalar;
      return tf.variableGrads(gain, [policy.actorVariables[1]]).grads[policy.actorVariables[1].name].dataSync();
    });
    expect(gradient).toBeAllclose(exact, { atol: 1e-6 });
    policy.dispose();
  });

  it.each([0, worth])("is right on average with the baseline %d, which only changes its spread", (baseline) => {
    const random = generator(11);
    const count = 40_000;
    const sums = [0, 0, 0];
    const squares = [0, 0, 0];
    for (let i = 0; i < count; i++) {
      const a = sampleCategorical(random, logits);
      p.forEach((share, k) => {
        const term = (rewards[a] - baseline) * ((a === k ? 1 : 0) - share);
        sums[k] += term;
        squares[k] += term ** 2;
      });
    }
    exact.forEach((value, k) => {
      const mean = sums[k] / count;
      const error = Math.sqrt((squares[k] / count - mean ** 2) / count);
      expect(Math.abs(mean - value)).toBeLessThan(4 * error);
    });
  });
});
