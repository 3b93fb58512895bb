import { beforeAll, describe, expect, it } from "vitest";
import { envIds, identity, loadMujoco, make, register, specOf } from "../../../lib/src/rl";
import { expectSameSpace, gymnasium } from "./gymnasium";

beforeAll(loadMujoco);

describe("make", () => {
  it.each(envIds().filter((id) => id in gymnasium))("has the spaces and limits of Gymnasium's %s", (id) => {
    const { maxEpisodeSteps, rewardThreshold, action, observation } = gymnasium[id];
    const env = make(id);
    expect(env.spec).toEqual({ id, maxEpisodeSteps, rewardThreshold: rewardThreshold ?? undefined });
    expectSameSpace(env.actionSpace, action);
    expectSameSpace(env.observationSpace, observation);
  });

  it("truncates at the limit of its registry", () => {
    const env = make("CartPole-v1");
    env.reset({ seed: 1 });
    let steps = 0;
    let seen = env.step(0).observation as Float32Array;
    for (steps = 1; !env.terminated && !env.truncated; steps++) {
      seen = env.step(0.1 * seen[0] + 0.2 * seen[1] + 2 * seen[2] + seen[3] > 0 ? 1 : 0).observation as Float32Array;
    }
    expect({ steps, truncated: env.truncated, terminated: env.terminated }).toEqual({
      ...{ steps: 500, truncated: true, terminated: false },
    });
  });

  it("refuses an unknown name and lists the known ones", () => {
    expect(() => make("CartPole-v9")).toThrow(
      /^make\(\) wants id to be .*"CartPole-v1".*got "CartPole-v9"\. Remedy: did you mean "CartPole-v1"\?/,
    );
    expect(() => specOf("Chess")).toThrow(/^specOf\(\) wants id/);
  });

  it.each(envIds())("draws %s", (id) => {
    const env = make(id);
    env.reset({ seed: 1 });
    expect(env.render()).toMatch(/^<svg .*<\/svg>$/);
    expect(env.render()).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe("register", () => {
  it("adds an environment with its limit, once", () => {
    register({ id: "Short-v0", create: () => identity(), maxEpisodeSteps: 2 });
    const env = make("Short-v0");
    env.reset();
    env.step(0);
    expect(env.step(0).truncated).toBe(true);
    expect(() => register({ id: "Short-v0", create: () => identity() })).toThrow(
      /^register\(\) wants id to be a new name/,
    );
  });
});
