import { describe, expect, it } from "vitest";
import { identity } from "../../../../lib/src/rl";

describe("identity", () => {
  it.each(["discrete", "box"] as const)("pays 100 to whoever does what it sees (%s)", (kind) => {
    const env = identity({ kind });
    let { observation } = env.reset({ seed: 1 });
    let total = 0;
    while (!env.truncated) {
      const next = env.step(observation);
      total += next.reward;
      observation = next.observation;
      expect(next.terminated).toBe(false);
    }
    expect(total).toBe(100);
  });

  it("pays nothing for another choice, and for a number more than 0.05 off", () => {
    const choices = identity({ n: 3 });
    const seen = choices.reset({ seed: 1 }).observation as number;
    expect(choices.step((seen + 1) % 3).reward).toBe(0);
    const numbers = identity({ kind: "box" });
    let [at] = numbers.reset({ seed: 1 }).observation as Float32Array;
    [at] = numbers.step([at + 0.04]).observation as Float32Array;
    expect(numbers.step([at + 0.06]).reward).toBe(0);
    expect(numbers.reset() && numbers.step([2]).reward).toBe(0);
  });
});
