import { describe, expect, it } from "vitest";
import { Contest } from "../../../lib/src/capture/contest";

/** Plays until there is a winner; returns whose turns they were. */
function play(contest: Contest, plain: number[], xla: number[]): boolean[] {
  const turns: boolean[] = [];
  while (contest.winner === undefined) {
    const turn = contest.next();
    turns.push(turn);
    contest.add(turn, (turn ? xla : plain).shift()!);
  }
  return turns;
}

describe("Contest", () => {
  it("takes turns, forgets each first call, which pays for the set-up, and keeps the faster", () => {
    const contest = new Contest();
    const turns = play(contest, [9, 5, 6, 5], [900, 7, 4, 8]);
    expect(turns).toEqual([false, true, false, true, false, true, false, true]);
    expect(contest.winner).toBe(true);
    expect(contest.next()).toBe(true);
  });

  it("keeps the plain way where XLA is quick in its first call only", () => {
    const contest = new Contest();
    play(contest, [9, 5, 6, 5], [1, 7, 6, 8]);
    expect(contest.next()).toBe(false);
  });

  it("measures nothing where the winner is known before", () => {
    const contest = new Contest(false);
    contest.add(true, 0);
    expect(contest.next()).toBe(false);
  });
});
