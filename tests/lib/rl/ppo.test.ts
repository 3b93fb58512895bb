import { describe, expect, it } from "vitest";
import { identity } from "../../../lib/src/rl/envs/identity";
import { probe } from "../../../lib/src/rl/envs/probes";
import { evaluateAgent } from "../../../lib/src/rl/evaluate-agent";
import { ppo, type PpoOptions } from "../../../lib/src/rl/ppo";
import { vectorEnv } from "../../../lib/src/rl/vector-env";
import { identityScore } from "./identity-score";

const quiet = { progress: false };

describe("ppo", () => {
  it("learns to do what it sees: at least 90 of 100", async () => {
    const agent = ppo(() => identity(), { hidden: [16], rollout: 128, batchSize: 32, epochs: 4, learningRate: 0.01 });
    await agent.learn({ steps: 1280, ...quiet });
    expect(identityScore(agent)).toBeGreaterThanOrEqual(90);
    agent.dispose();
  });

  it("learns the values of the probes that only have values", async () => {
    // What each probe shows, and what that is worth; gamma is 0.5.
    const truths = [
      ["constant reward", [[0, 1]]],
      [
        "reward from observation",
        [
          [1, 1],
          [-1, -1],
        ],
      ],
      [
        "delayed reward",
        [
          [0, 0.5],
          [1, 1],
        ],
      ],
    ] as const;
    for (const [name, worths] of truths) {
      const settings = { hidden: [16], rollout: 128, batchSize: 32, epochs: 4, learningRate: 0.01, gamma: 0.5 };
      const agent = ppo(() => probe(name), settings);
      await agent.learn({ steps: 2560, ...quiet });
      for (const [seen, worth] of worths) {
        expect(agent.policy.valuesOf(Float32Array.of(seen), 1)).toBeAllclose([worth], { atol: 0.1 });
      }
      agent.dispose();
    }
  });

  it("learns what to do in the probes with actions", async () => {
    for (const [name, seen] of [
      ["reward from action", [0]],
      ["reward from both", [-1, 1]],
    ] as const) {
      const agent = ppo(() => probe(name), {
        hidden: [16],
        rollout: 128,
        batchSize: 32,
        epochs: 4,
        learningRate: 0.01,
      });
      await agent.learn({ steps: 2560, ...quiet });
      const chosen = agent.policy.act(Float32Array.from(seen), seen.length, new Float32Array(seen.length));
      expect([...chosen]).toEqual(name === "reward from action" ? [1] : [0, 1]);
      agent.dispose();
    }
  });

  it("balances a pole nine times longer than random play after 40,000 steps", async () => {
    // The full run, 100,000 steps and five seeds, is tests/bench/learning.ts; its runs are in tests/bench/learning.md.
    const agent = ppo("CartPole-v1", {
      ...{ envs: 8, rollout: 32, batchSize: 256, epochs: 20, gamma: 0.98, lambda: 0.8 },
      ...{ learningRate: (left) => 0.001 * left, clip: (left) => 0.2 * left },
    });
    await agent.learn({ steps: 40_000, ...quiet });
    const { mean } = evaluateAgent(agent.policy, vectorEnv("CartPole-v1", { count: 5 }), { episodes: 20 });
    expect(mean).toBeGreaterThan(195);
    agent.dispose();
  }, 180_000);

  it("ends the epochs of a turn early where the policy has moved too far", async () => {
    const learned = async (options: PpoOptions) => {
      const settings = { hidden: [16], rollout: 64, batchSize: 64, learningRate: 0.05, seed: 1 };
      const agent = ppo(() => identity(), { ...settings, ...options });
      await agent.learn({ steps: 64, ...quiet });
      const weights = agent.policy.variables.flatMap((variable) => [...variable.dataSync()]);
      agent.dispose();
      return weights;
    };
    // In the first epoch the policy is still the one that acted; in the second it is not, and that is already too far.
    const two = await learned({ epochs: 2 });
    expect(await learned({ epochs: 8, targetKl: 1e-4 })).toBeAllclose(two, { atol: 1e-6 });
    expect(await learned({ epochs: 8, targetKl: 10 })).not.toBeAllclose(two, { atol: 1e-3 });
  });
});
