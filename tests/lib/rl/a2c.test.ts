import { describe, expect, it } from "vitest";
import { generator } from "../../../lib/src/random";
import { a2c, actorCriticLoss } from "../../../lib/src/rl/a2c";
import { ActorCritic } from "../../../lib/src/rl/actor-critic";
import { identity } from "../../../lib/src/rl/envs/identity";
import { ppoLoss } from "../../../lib/src/rl/ppo-loss";
import { box } from "../../../lib/src/rl/spaces";
import { tf } from "../../../lib/src/tensorflow";
import { identityScore } from "./identity-score";

describe("a2c", () => {
  it("learns to do what it sees: at least 90 of 100", async () => {
    const agent = a2c(() => identity(), { envs: 4, hidden: [16], learningRate: 0.01, gamma: 0.5 });
    await agent.learn({ steps: 4000, progress: false });
    expect(identityScore(agent)).toBeGreaterThanOrEqual(90);
    agent.dispose();
  });
});

describe("actorCriticLoss", () => {
  it("has the gradient of PPO's objective for the policy that acted", () => {
    const policy = new ActorCritic(3, box(-1, 1, [2]), { hidden: [5] });
    tf.tidy(() => {
      const random = generator(4);
      const observations = tf.tensor2d(random.normals(24), [8, 3]);
      const actions = tf.tensor2d(random.normals(16), [8, 2]);
      const advantages = tf.tensor1d(random.normals(8));
      const returns = tf.tensor1d(random.normals(8));
      const logProbabilities = policy.distribution(observations).logProbability(actions);
      const batch = { observations, actions, advantages, returns, logProbabilities, values: returns };
      const weights = { entropy: 0.1, valueLoss: 0.5 };
      const options = { ...weights, clip: tf.scalar(0.2), clipValues: Infinity, normalizeAdvantages: false };
      const [one, two] = [
        () => actorCriticLoss(policy, batch, weights).loss,
        () => ppoLoss(policy, batch, options).loss,
      ].map((loss) => tf.variableGrads(loss, policy.variables).grads);
      for (const { name } of policy.variables) {
        expect(one[name].dataSync()).toBeAllclose(two[name].dataSync(), { atol: 1e-6 });
      }
    });
    policy.dispose();
  });
});
