import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BaseEnv, box, checkEnv, discrete, evaluateAgent, ppo, vectorEnv } from "../../../lib/src/rl";
import type { Box, Discrete, Numbers } from "../../../lib/src/rl";
import type { RandomGenerator } from "../../../lib/src/random";

// An environment of one's own, and an agent that learns it:
class Catch extends BaseEnv<Discrete, Box> {
  readonly name = "Catch";
  readonly actionSpace = discrete(3); // left, stay, right
  readonly observationSpace = box(-1, 1, [3]);
  readonly state = new Float64Array(3); // basket, ball, how far it still has to fall

  protected begin(random: RandomGenerator) {
    this.state.set([random.integer(0, 9), random.integer(0, 9), 8]);
  }

  protected advance(action: number) {
    this.state[0] = Math.min(8, Math.max(0, this.state[0] + action - 1));
    this.state[2]--;
    this.terminated = this.state[2] === 0;
    if (!this.terminated) return 0;
    return this.state[0] === this.state[1] ? 1 : -1;
  }

  protected override observe(out: Numbers, at: number) {
    for (let i = 0; i < 3; i++) out[at + i] = this.state[i] / 4 - 1;
  }
}

const learner = () => ppo(() => new Catch(), { envs: 16, rollout: 64, batchSize: 256, learningRate: 2e-3, gamma: 1 });
// That was all.

describe("an environment of one's own in 25 lines", () => {
  it("is no longer than that, agent and all", () => {
    const [, example] = /one's own, and an agent.*?\n(.*)\/\/ That was all/s.exec(readFileSync(__filename, "utf8"))!;
    expect(example.split("\n").filter((line) => line.trim() !== "").length).toBeLessThanOrEqual(25);
  });

  it("passes the checks", () => {
    checkEnv(new Catch());
  });

  it("is learnt by PPO: 9 balls of 10 and more, where a random basket catches 1 or 2", async () => {
    const agent = learner();
    const judge = () => vectorEnv(() => new Catch(), { count: 4 });
    const before = evaluateAgent(agent.policy, judge(), { sample: true }).mean;
    await agent.learn({ steps: 60_000, until: 0.9, progress: false });
    const { mean } = evaluateAgent(agent.policy, judge());
    agent.dispose();
    expect(before).toBeLessThan(-0.4);
    expect(mean).toBeGreaterThanOrEqual(0.8);
  });
});
