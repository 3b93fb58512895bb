import { describe, expect, it } from "vitest";
import { ActorCritic } from "../../../lib/src/rl/actor-critic";
import { actionTensor, explainedVariance, means } from "../../../lib/src/rl/policy-batch";
import { box, discrete } from "../../../lib/src/rl/spaces";

describe("actionTensor", () => {
  it("makes integers of choices, and rows of real-valued actions", () => {
    const [choice, real] = [discrete(3), box(-1, 1, [2])].map((space) => new ActorCritic(1, space, { hidden: [1] }));
    const choices = actionTensor(choice, Float32Array.from([2, 0]), [2]);
    expect([choices.dtype, choices.shape, [...choices.dataSync()]]).toEqual(["int32", [2], [2, 0]]);
    const rows = actionTensor(real, Float32Array.from([1, 2, 3, 4]), [2]);
    expect([rows.dtype, rows.shape]).toEqual(["float32", [2, 2]]);
    choices.dispose();
    rows.dispose();
    choice.dispose();
    real.dispose();
  });
});

describe("means", () => {
  it("averages each column under its name", () => {
    expect(means([Float32Array.of(1, 10), Float32Array.of(3, 30)], ["loss", "entropy"])).toEqual({
      loss: 2,
      entropy: 20,
    });
  });
});

describe("explainedVariance", () => {
  it("is 1 for values that are the returns, 0 for a constant, and below for worse", () => {
    expect(explainedVariance([1, 2, 3], [1, 2, 3])).toBe(1);
    expect(explainedVariance([7, 7, 7], [1, 2, 3])).toBe(0);
    expect(explainedVariance([3, 2, 1], [1, 2, 3])).toBe(-3);
    expect(explainedVariance([1, 2], [5, 5])).toBe(0);
  });
});
