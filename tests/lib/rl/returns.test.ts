import { describe, expect, it } from "vitest";
import { rewardsToGo, standardize } from "../../../lib/src/rl/returns";

describe("rewardsToGo", () => {
  it("adds up what follows, each step later worth gamma times as much", () => {
    // By hand: 3, then 2 + 3/2, then 1 + 3.5/2.
    expect([...rewardsToGo({ rewards: [1, 2, 3], gamma: 0.5 })]).toEqual([2.75, 3.5, 3]);
  });

  it("starts anew at the end of an episode", () => {
    expect([...rewardsToGo({ rewards: [1, 2, 4, 8], ends: [0, 1, 0, 0] })]).toEqual([3, 2, 12, 8]);
  });

  it("adds the value of what follows where the rewards break off, and only there", () => {
    const nextValues = [100, 10, 100, 20];
    const returns = rewardsToGo({ rewards: [1, 2, 4, 8], ends: [0, 1, 0, 0], nextValues, gamma: 0.5 });
    // 8 + 20/2 = 18; 4 + 18/2 = 13; 2 + 10/2 = 7; 1 + 7/2 = 4.5
    expect([...returns]).toEqual([4.5, 7, 13, 18]);
  });

  it("keeps environments side by side apart", () => {
    const rewards = [1, 10, 2, 20, 3, 30];
    expect([...rewardsToGo({ rewards, envs: 2 })]).toEqual([6, 60, 5, 50, 3, 30]);
    expect([...rewardsToGo({ rewards, envs: 2, ends: [0, 1, 0, 0, 1, 1] })]).toEqual([6, 10, 5, 50, 3, 30]);
  });

  it("refuses what does not fit", () => {
    expect(() => rewardsToGo({ rewards: [1], gamma: 1.5 })).toThrow("a finite number from 0 to 1, got 1.5");
    expect(() => rewardsToGo({ rewards: [1, 2, 3], envs: 2 })).toThrow("an integer that divides the 3 rewards, got 2");
    expect(() => rewardsToGo({ rewards: [1, 2], ends: [0] })).toThrow("wants ends to be 2 numbers");
  });
});

describe("standardize", () => {
  it("moves to mean 0 and standard deviation 1 of a sample", () => {
    // Mean 3, squares 4 + 1 + 0 + 1 + 4 over 4: std √2.5.
    expect(standardize([1, 2, 3, 4, 5])).toBeAllclose([-2, -1, 0, 1, 2].map((x) => x / Math.sqrt(2.5)));
  });

  it("makes equal numbers zero, and one alone", () => {
    expect([...standardize([7, 7])]).toEqual([0, 0]);
    expect([...standardize([7])]).toEqual([0]);
  });
});
