import { describe, it } from "vitest";
import { MountainCar } from "../../../../lib/src/rl";
import { expectSameEpisode, gymnasium } from "../gymnasium";

const { episodes } = gymnasium["MountainCar-v0"];

describe("MountainCar", () => {
  it.each(episodes)("moves as Gymnasium's from each of its states", (episode) => {
    expectSameEpisode(new MountainCar(), episode, "Gymnasium's");
  });

  it.each(episodes)("stays on Gymnasium's way by itself", (episode) => {
    expectSameEpisode(new MountainCar(), episode, "its own");
  });
});
