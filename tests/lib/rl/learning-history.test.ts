import { describe, expect, it } from "vitest";
import { LearningHistory } from "../../../lib/src/rl/learning-history";

const history = (...returns: number[]) => {
  const made = new LearningHistory();
  returns.forEach((sum, i) => made.episodes.push({ step: i, return: sum, length: 2 * sum }));
  return made;
};

describe("LearningHistory", () => {
  it("averages the last 100 episodes", () => {
    expect(history().recent()).toEqual({});
    expect(history(1, 2).recent()).toEqual({ meanReturn: 1.5, meanLength: 3 });
    expect(history(...Array(50).fill(0), ...Array(100).fill(7)).recent().meanReturn).toBe(7);
  });

  it("counts a task as solved after 100 episodes, not before", () => {
    expect(history(...Array(99).fill(500)).reached(475)).toBe(false);
    expect(history(...Array(100).fill(475)).reached(475)).toBe(true);
    expect(history(...Array(100).fill(474)).reached(475)).toBe(false);
  });

  it("says in a line how far it has come", () => {
    const made = history(3);
    expect(String(made)).toBe("no turn done");
    made.rows.push({ step: 256, episodes: 1, seconds: 1.25, meanReturn: 3 });
    expect(String(made)).toBe("256 steps, 1 episodes in 1.3 s, running, mean return 3");
    made.stopped = "solved";
    expect(String(made)).toContain("solved");
  });
});
