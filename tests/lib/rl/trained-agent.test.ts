import { afterAll, describe, expect, it } from "vitest";
import { ActorCritic, box, TrainedAgent } from "../../../lib/src/rl";
import { tf } from "../../../lib/src/tensorflow";

// The action is ten times the sum of what is seen, where that is above 0.
const policy = new ActorCritic(2, box(-1, 1, [1]), { hidden: [1], activation: "relu" });
tf.tidy(() => policy.actor.setWeights([tf.tensor2d([[1], [1]]), tf.zeros([1]), tf.tensor2d([[10]]), tf.zeros([1])]));
policy.copyWeights();
afterAll(() => policy.dispose());

const notes = { env: "Mine-v0", algorithm: "ppo", seed: 1, steps: 5 };
const act = (agent: TrainedAgent, seen: number[]) =>
  agent.act(Float32Array.from(seen), seen.length / 2, new Float32Array(seen.length / 2));

describe("TrainedAgent", () => {
  it("sees what was normalised as it learnt to see it, as many at once as there are", () => {
    const moments = { mean: [1, 2], variance: [4, 0.25], count: 10 };
    const agent = new TrainedAgent(policy, notes, { moments, clip: 3 });
    // (2 - 1) / 2 + (2.5 - 2) / 0.5 = 1.5, and (3 - 1) / 2 + 3, the border
    expect(act(agent, [2, 2.5, 3, 90])).toBeAllclose([15, 40], { rtol: 1e-6 });
    expect(act(agent, [2, 2.5])).toBeAllclose([15], { rtol: 1e-6 });
    expect(agent.env).toBe("Mine-v0");
  });

  it("sees as it is what was not", () => {
    expect(act(new TrainedAgent(policy, notes), [0.25, 0.5])).toBeAllclose([7.5]);
  });

  it("plays within the bounds of the task, each time an array of its own", () => {
    const choose = new TrainedAgent(policy, notes).controller();
    const first = choose(Float32Array.of(0.01, 0.02));
    expect(choose(Float32Array.of(3, 4))).toEqual(Float32Array.of(1));
    expect(first).toBeAllclose([0.3], { rtol: 1e-6 });
  });
});
