import { describe, expect, it } from "vitest";
import { armedBandit } from "../../../../lib/src/rl";

describe("armedBandit", () => {
  it("pays each arm's mean and spread, one pull an episode", () => {
    const env = armedBandit({ means: [1, -2], std: 0.5 });
    env.reset({ seed: 1 });
    const pull = (arm: number) => {
      const { reward, terminated, observation } = env.step(arm);
      env.reset();
      expect({ terminated, observation }).toEqual({ terminated: true, observation: new Float32Array(1) });
      return reward;
    };
    const rewards = [0, 1].map((arm) => Array.from({ length: 4000 }, () => pull(arm)));
    const mean = (values: number[]) => values.reduce((sum, x) => sum + x) / values.length;
    expect(rewards.map(mean)).toBeAllclose([1, -2], { atol: 0.03 });
    expect(mean(rewards[1].map((x) => (x + 2) ** 2))).toBeAllclose(0.25, { atol: 0.02 });
  });

  it("refuses no arms, and numbers that are none", () => {
    expect(() => armedBandit({ means: [] })).toThrow(/^discrete\(\) wants n/);
    expect(() => armedBandit({ means: [NaN] })).toThrow(/^armedBandit\(\) wants means/);
    expect(() => armedBandit({ std: -1 })).toThrow(/^armedBandit\(\) wants std/);
  });
});
