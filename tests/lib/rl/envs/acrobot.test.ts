import { describe, it } from "vitest";
import { Acrobot } from "../../../../lib/src/rl";
import { expectSameEpisode, gymnasium } from "../gymnasium";

const { episodes } = gymnasium["Acrobot-v1"];

describe("Acrobot", () => {
  it.each(episodes)("moves as Gymnasium's from each of its states", (episode) => {
    expectSameEpisode(new Acrobot(), episode, "Gymnasium's");
  });

  it.each(episodes)("stays on Gymnasium's way by itself", (episode) => {
    expectSameEpisode(new Acrobot(), episode, "its own");
  });
});
