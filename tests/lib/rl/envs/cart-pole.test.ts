import { describe, expect, it } from "vitest";
import { CartPole } from "../../../../lib/src/rl";
import { expectSameEpisode, gymnasium } from "../gymnasium";

describe("CartPole", () => {
  it.each(gymnasium["CartPole-v1"].episodes)("moves as Gymnasium's, step by step", (episode) => {
    expectSameEpisode(new CartPole(), episode, "its own");
  });

  it("starts within ±0.05, alike with the same seed", () => {
    const env = new CartPole();
    const starts = Array.from({ length: 500 }, (_, seed) => [...env.reset({ seed }).observation]).flat();
    expect(Math.max(...starts)).toBeLessThanOrEqual(0.05);
    expect(Math.min(...starts)).toBeLessThan(-0.049);
    expect([...env.reset({ seed: 499 }).observation]).toEqual(starts.slice(-4));
  });
});
