import { describe, expect, it } from "vitest";
import { make, probe, timeLimit, unwrap, identity, type SavedEnv } from "../../../lib/src/rl";

describe("timeLimit", () => {
  it("truncates at the limit, not before, and refuses a step after it", () => {
    const env = timeLimit(identity(), 3);
    env.reset();
    expect([env.step(0), env.step(0), env.step(0)].map(({ truncated }) => truncated)).toEqual([false, false, true]);
    expect(() => env.step(0)).toThrow("step() of Identity was called after the end of the episode.");
    env.reset();
    expect(env.step(0)).toMatchObject({ truncated: false, terminated: false });
  });

  it("leaves an end of the task itself terminated", () => {
    const env = timeLimit(probe("constant reward"), 5);
    env.reset();
    expect(env.step(0)).toMatchObject({ terminated: true, truncated: false });
  });

  it("counts on where it was saved", () => {
    const env = timeLimit(identity(), 4);
    env.reset();
    env.step(0);
    env.step(0);
    const other = timeLimit(identity(), 4);
    other.load(JSON.parse(JSON.stringify(env.save())) as SavedEnv);
    expect([other.step(0).truncated, other.step(0).truncated]).toEqual([false, true]);
  });

  it("wraps what unwrap finds again", () => {
    const inner = identity();
    expect(unwrap(timeLimit(timeLimit(inner, 9), 5))).toBe(inner);
    expect(unwrap(make("CartPole-v1")).name).toBe("CartPole");
  });

  it("refuses a limit below 1", () => {
    expect(() => timeLimit(identity(), 0)).toThrow(/^timeLimit\(\) wants maxEpisodeSteps to be an integer from 1 up/);
  });
});
