import { describe, it } from "vitest";
import { MountainCarContinuous } from "../../../../lib/src/rl";
import { expectSameEpisode, gymnasium } from "../gymnasium";

const { episodes } = gymnasium["MountainCarContinuous-v0"];

describe("MountainCarContinuous", () => {
  it.each(episodes)("moves as Gymnasium's from each of its states", (episode) => {
    expectSameEpisode(new MountainCarContinuous(), episode, "Gymnasium's");
  });

  it.each(episodes)("stays on Gymnasium's way by itself", (episode) => {
    expectSameEpisode(new MountainCarContinuous(), episode, "its own");
  });
});
