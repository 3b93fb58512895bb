import { describe, expect, it } from "vitest";
import { agentSettings } from "../../../lib/src/rl/agent-settings";
import type { Annealed } from "../../../lib/src/rl/agent";

const defaults = { rollout: 5, gamma: 0.9, learningRate: 0.1 as Annealed, targetKl: undefined as number | undefined };

describe("agentSettings()", () => {
  it("takes what is given, and defaults for what is not or is undefined", () => {
    const options = { gamma: 1, rollout: undefined, seed: 3 };
    expect(agentSettings("f()", defaults, options)).toMatchObject({ ...defaults, gamma: 1 });
    const falling = (left: number) => left;
    expect(agentSettings("f()", defaults, { learningRate: falling }).learningRate).toBe(falling);
  });

  it.each([
    [{ rollout: 0 }, "f() wants rollout to be an integer from 1 up, got 0."],
    [{ rollout: 1.5 }, "f() wants rollout to be an integer from 1 up, got 1.5."],
    [{ gamma: 1.01 }, "f() wants gamma to be a finite number from 0 to 1, got 1.01."],
    [{ learningRate: -1 }, "f() wants learningRate to be a finite number from 0 up, got -1."],
    [{ targetKl: NaN }, "f() wants targetKl to be a finite number from 0 up, got NaN."],
  ])("refuses %o", (options, message) => {
    expect(() => agentSettings("f()", defaults, options)).toThrow(message);
  });

  it("names what there is, with the options of all agents, where a name is unknown", () => {
    const options = { somethingElse: 1 } as object;
    expect(() => agentSettings("f()", defaults, options)).toThrow(/somethingElse[^]*rollout[^]*targetKl[^]*envs/);
  });
});
