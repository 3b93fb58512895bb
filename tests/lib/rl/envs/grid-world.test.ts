import { describe, expect, it } from "vitest";
import { gridWorld, lakes, type GridWorld } from "../../../../lib/src/rl";
import gymnasium from "../../../fixtures/rl/frozen_lake.json";

type Row = [number, number, number, boolean];
const [slippery, firm, large] = gymnasium.map(({ transitions }) => transitions as Row[][][]);

const rows = (env: GridWorld) =>
  env.transitions.map((actions) =>
    actions.map((outcomes) => outcomes.map((o) => [o.probability, o.next, o.reward, o.terminated])),
  );

describe("gridWorld", () => {
  it("has every transition of Gymnasium's FrozenLake", () => {
    expect(rows(gridWorld({ success: 1 / 3 }))).toEqual(slippery);
    expect(rows(gridWorld({ rewards: { goal: 2, hole: -1, step: -0.5 } }))).toEqual(firm);
    expect(rows(gridWorld({ map: lakes["8x8"], success: 0.75 }))).toEqual(large);
  });

  it("goes where its transitions say, as often as they say", () => {
    const env = gridWorld({ map: ["...", ".S.", "..."], success: 0.6 });
    const counts = new Map<number, number>();
    env.reset({ seed: 1 });
    for (let i = 0; i < 5000; i++) {
      env.state[0] = 4;
      const next = env.step(3).observation;
      counts.set(next, (counts.get(next) ?? 0) + 1 / 5000);
    }
    expect([1, 3, 5].map((cell) => counts.get(cell) ?? 0)).toBeAllclose([0.6, 0.2, 0.2], { atol: 0.02 });
  });

  it("stays where a wall or the edge is, and ends on a hole and on the goal", () => {
    const env = gridWorld({ map: ["S#.", "GFH"] });
    expect(env.reset().observation).toBe(0);
    expect([env.step(2), env.step(3)].map(({ observation }) => observation)).toEqual([0, 0]);
    expect(env.step(1)).toMatchObject({ observation: 3, reward: 1, terminated: true });
    env.reset();
    env.state[0] = 4;
    expect(env.step(2)).toMatchObject({ observation: 5, reward: 0, terminated: true });
  });

  it("starts at each of its starts", () => {
    const env = gridWorld({ map: ["SGS"] });
    env.reset({ seed: 0 });
    expect(new Set(Array.from({ length: 30 }, () => env.reset().observation))).toEqual(new Set([0, 2]));
  });

  it("refuses maps that are none", () => {
    expect(() => gridWorld({ map: ["SF", "G"] })).toThrow(/^gridWorld\(\) wants map\[1\] to be a row of 2 cells/);
    expect(() => gridWorld({ map: ["SX"] })).toThrow(/cells of S, G, H, F, \. or #/);
    expect(() => gridWorld({ map: ["FG"] })).toThrow(/with a start, S/);
    expect(() => gridWorld({ success: 1.5 })).toThrow(/^gridWorld\(\) wants success/);
  });
});
