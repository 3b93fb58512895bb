import { describe, expect, it } from "vitest";
import { bootstrapInterval, evaluateAgent, interquartileMean } from "../../../lib/src/rl/evaluate-agent";
import type { Acting } from "../../../lib/src/rl/rollout";
import { identity } from "../../../lib/src/rl/envs/identity";
import { vectorEnv } from "../../../lib/src/rl/vector-env";

/** Pushes the cart to where the pole leans and turns: the simplest controller that does well. */
const leaning: Acting = {
  act(observations, count, actions) {
    for (let i = 0; i < count; i++) actions[i] = observations[4 * i + 2] + observations[4 * i + 3] > 0 ? 1 : 0;
    return actions;
  },
};

/** Always the first choice. */
const idle: Acting = { act: (_, __, actions) => actions.fill(0) };

describe("evaluateAgent", () => {
  it("plays 100 episodes, and knows their mean and spread", () => {
    const result = evaluateAgent(leaning, vectorEnv("CartPole-v1", { count: 4 }));
    expect(result.returns.length).toBe(100);
    expect(result.lengths).toEqual(result.returns); // a reward of 1 a step
    const mean = result.returns.reduce((sum, value) => sum + value, 0) / 100;
    expect(result.mean).toBeAllclose(mean);
    expect(result.std).toBeAllclose(
      Math.sqrt(result.returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 99),
    );
    // Far above the 22 or so of random play.
    expect(result.mean).toBeGreaterThan(400);
  });

  it("plays the same episodes for the same seed", () => {
    const play = (seed: number) => evaluateAgent(idle, vectorEnv("CartPole-v1", { count: 3 }), { episodes: 9, seed });
    expect(play(7)).toEqual(play(7));
    expect(play(7)).not.toEqual(play(8));
  });

  it("counts as many episodes of each environment, not the first ones to end", () => {
    // Episodes of 2 steps in one, of 50 in the other; the mean length has to be 26.
    const envs = vectorEnv((i) => identity({ length: i === 0 ? 2 : 50 }), { count: 2 });
    const { lengths } = evaluateAgent(idle, envs, { episodes: 10 });
    expect(lengths.filter((length) => length === 50).length).toBe(5);
    expect(lengths.length).toBe(10);
  });

  it("refuses options that don't exist", () => {
    expect(() => evaluateAgent(leaning, vectorEnv("CartPole-v1"), { episode: 3 } as never)).toThrow("did you mean");
  });
});

describe("interquartileMean", () => {
  it("is the mean of the middle half, which outliers don't move", () => {
    expect(interquartileMean([1, 2, 3, 4, 5, 6, 7, 1000])).toBe(4.5);
    expect(interquartileMean([4, 1000, -1000, 6])).toBe(5);
  });

  it("counts the numbers at the border in part", () => {
    // Five numbers: 1.25 are cut off on both sides, so 0.75 of the second, the third and 0.75 of the fourth stay.
    expect(interquartileMean([0, 10, 20, 40, 1000])).toBeAllclose((7.5 + 20 + 30) / 2.5);
    expect(interquartileMean([3])).toBe(3);
  });

  it("refuses to average nothing", () => {
    expect(() => interquartileMean([])).toThrow("wants values to be at least one number");
  });
});

describe("bootstrapInterval", () => {
  it("is that of the normal distribution for the mean of many numbers", () => {
    // The mean of 100 numbers 0..99 has a standard error of 28.87 / 10: 49.5 ± 1.96 · 2.887.
    const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const [low, high] = bootstrapInterval(
      Array.from({ length: 100 }, (_, i) => i),
      { statistic: mean },
    );
    expect(low).toBeAllclose(49.5 - 5.66, { atol: 0.5 });
    expect(high).toBeAllclose(49.5 + 5.66, { atol: 0.5 });
  });

  it("gives the same interval for the same seed, and none where all runs agree", () => {
    expect(bootstrapInterval([1, 5, 9])).toEqual(bootstrapInterval([1, 5, 9]));
    expect(bootstrapInterval([500, 500, 500])).toEqual([500, 500]);
  });
});
