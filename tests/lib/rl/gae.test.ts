import { describe, expect, it } from "vitest";
import { generator } from "../../../lib/src/random";
import { generalizedAdvantages } from "../../../lib/src/rl/gae";
import { rewardsToGo } from "../../../lib/src/rl/returns";

/** Three environments, twelve steps, some of which end an episode. */
const random = generator(4);
const [steps, envs, gamma] = [12, 3, 0.9];
const count = steps * envs;
const rewards = random.normals(count);
const values = random.normals(count);
const nextValues = random.normals(count);
const ends = Float32Array.from({ length: count }, () => Number(random.chance(0.2)));
const sizes = { rewards, values, nextValues, ends, gamma, envs };

describe("generalizedAdvantages", () => {
  it("is the error of one step at lambda 0", () => {
    const { advantages, returns } = generalizedAdvantages({ ...sizes, lambda: 0 });
    expect(advantages).toBeAllclose(rewards.map((r, i) => r + gamma * nextValues[i] - values[i]));
    expect(returns).toBeAllclose(rewards.map((r, i) => r + gamma * nextValues[i]));
  });

  it("is the rewards to go less the value at lambda 1", () => {
    // Within an episode the value after a step must be that of the next step, or the sum does not telescope.
    const consistent = nextValues.map((value, i) => (ends[i] || i + envs >= count ? value : values[i + envs]));
    const { advantages, returns } = generalizedAdvantages({ ...sizes, nextValues: consistent, lambda: 1 });
    const togo = rewardsToGo({ rewards, ends, gamma, envs, nextValues: consistent });
    expect(advantages).toBeAllclose(
      togo.map((g, i) => g - values[i]),
      { atol: 1e-5 },
    );
    expect(returns).toBeAllclose(togo, { atol: 1e-5 });
  });

  it("is the sum of errors with weights (γλ)^l in between", () => {
    const lambda = 0.7;
    const { advantages } = generalizedAdvantages({ ...sizes, lambda });
    const sums = Array.from(advantages, (_, start) => {
      let [sum, weight] = [0, 1];
      for (let i = start; i < count; i += envs) {
        sum += weight * (rewards[i] + gamma * nextValues[i] - values[i]);
        weight *= gamma * lambda;
        if (ends[i]) break;
      }
      return sum;
    });
    expect(advantages).toBeAllclose(sums, { atol: 1e-5 });
  });

  it("tells an episode that was cut off from one that was over", () => {
    const one = { rewards: [1], values: [5], ends: [1], gamma: 0.9 };
    // Over: 1 - 5. Cut off in a state worth 5: 1 + 0.9 · 5 - 5.
    expect(generalizedAdvantages({ ...one, nextValues: [0] }).advantages).toBeAllclose([-4]);
    expect(generalizedAdvantages({ ...one, nextValues: [5] }).advantages).toBeAllclose([0.5]);
  });

  it("refuses what does not fit", () => {
    expect(() => generalizedAdvantages({ ...sizes, lambda: 2 })).toThrow("wants lambda");
    expect(() => generalizedAdvantages({ ...sizes, gamma: NaN })).toThrow("wants gamma");
    expect(() => generalizedAdvantages({ ...sizes, values: [1] })).toThrow("wants values to be 36 numbers");
  });
});
