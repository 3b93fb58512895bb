import { describe, expect, it } from "vitest";
import { BaseEnv, box, discrete, identity, playEpisode, probe } from "../../../lib/src/rl";

describe("playEpisode", () => {
  it("adds the rewards up to the end", () => {
    expect(playEpisode(identity(), (seen) => seen, { seed: 1 })).toEqual({
      return: 100,
      length: 100,
      terminated: false,
    });
    expect(playEpisode(probe("delayed reward"), () => 0)).toEqual({ return: 1, length: 2, terminated: true });
  });

  it("plays the same episode with the same seed", () => {
    const play = (seed: number) => playEpisode(identity(), () => 0, { seed }).return;
    expect(play(3)).toBe(play(3));
    expect(new Set([0, 1, 2, 3].map(play)).size).toBeGreaterThan(1);
  });

  it("gives up on an environment without an end", () => {
    class Endless extends BaseEnv {
      readonly name = "Endless";
      readonly actionSpace = discrete(1);
      readonly observationSpace = box(0, 1);
      readonly state = new Float64Array(1);
      protected begin() {}
      protected advance() {
        return 0;
      }
    }
    expect(() => playEpisode(new Endless(), () => 0)).toThrow(/saw no end of Endless in a million steps/);
    expect(() => playEpisode(identity(), 3 as never)).toThrow(/^playEpisode\(\) wants act to be a function/);
  });
});
