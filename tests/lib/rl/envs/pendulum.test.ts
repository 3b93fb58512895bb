import { describe, it } from "vitest";
import { Pendulum } from "../../../../lib/src/rl";
import { expectSameEpisode, gymnasium } from "../gymnasium";

const { episodes } = gymnasium["Pendulum-v1"];

describe("Pendulum", () => {
  it.each(episodes)("moves as Gymnasium's from each of its states", (episode) => {
    expectSameEpisode(new Pendulum(), episode, "Gymnasium's");
  });

  it.each(episodes)("stays on Gymnasium's way by itself", (episode) => {
    expectSameEpisode(new Pendulum(), episode, "its own");
  });
});
