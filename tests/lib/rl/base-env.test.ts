import { describe, expect, it } from "vitest";
import { BaseEnv, box, discrete, sceneToSvg, shape, type Box, type Discrete } from "../../../lib/src/rl";
import type { RandomGenerator } from "../../../lib/src/random";

/** A walk on the numbers from -3 to 3 whose actions may be scaled: what an environment of one's own looks like. */
class Walk extends BaseEnv<Discrete, Box> {
  readonly name = "Walk";
  readonly actionSpace = discrete(2);
  readonly observationSpace = box(-3, 3);
  readonly state = new Float64Array(1);
  protected begin(random: RandomGenerator) {
    this.state[0] = random.integer(-1, 2);
  }
  protected advance(action: number) {
    this.state[0] += action === 1 ? 1 : -1;
    this.terminated = Math.abs(this.state[0]) >= 3;
    return this.state[0] === 3 ? 1 : 0;
  }
}

/** Gives back its action as state and reward. */
class Echo extends BaseEnv<Box, Box> {
  readonly name = "Echo";
  readonly actionSpace = box(-1, 1, [2]);
  readonly observationSpace = box(-Infinity, Infinity, [2]);
  readonly state = new Float64Array(2);
  protected begin() {
    this.state.fill(0);
  }
  protected advance(action: Float32Array) {
    this.state.set(action);
    return this.state[0] / (this.state[1] - 0.5);
  }
}

class Signs extends BaseEnv<Discrete, Discrete> {
  readonly name = "Signs";
  readonly actionSpace = discrete(1);
  readonly observationSpace = discrete(4);
  readonly state = new Float64Array([0]);
  protected begin() {
    this.state[0] = 2;
  }
  protected advance() {
    this.state[0] = 3;
    return 0;
  }
}

describe("an environment of one's own", () => {
  it("speaks Gymnasium's interface", () => {
    const env = new Walk();
    const { observation, info } = env.reset({ seed: 0 });
    expect(info).toEqual({});
    const at = observation[0];
    expect(env.step(1)).toEqual({
      ...{ observation: new Float32Array([at + 1]), reward: 0, terminated: false, truncated: false, info: {} },
    });
    while (!env.terminated) env.step(1);
    expect(env.state[0]).toBe(3);
  });

  it("begins alike with the same seed, and differently without one", () => {
    const env = new Walk();
    const starts = (seed?: number) =>
      Array.from({ length: 20 }, (_, i) => env.reset(i === 0 ? { seed } : {}).observation[0]);
    const first = starts(5);
    expect(starts(5)).toEqual(first);
    expect(new Set(first).size).toBe(3);
  });

  it("shows a choice as its number, and to networks as one number a choice", () => {
    const env = new Signs();
    expect(env.reset().observation).toBe(2);
    expect(env.step(0).observation).toBe(3);
    const flat = new Float32Array(6).fill(9);
    env.resetInto(flat, 1);
    expect([...flat]).toEqual([9, 0, 0, 1, 0, 9]);
  });

  it("refuses steps before the first reset and after the end", () => {
    const env = new Walk();
    expect(() => env.step(1)).toThrow("step() of Walk was called before the first reset. Remedy: call reset() first.");
    env.reset();
    while (!env.terminated) env.step(0);
    expect(() => env.step(1)).toThrow(
      "step() of Walk was called after the end of the episode. Remedy: call reset() first.",
    );
    env.reset();
    expect(env.step(1).terminated).toBe(false);
  });

  it.each([2, -1, 0.5, NaN, [1], "1", undefined])("refuses %j as a choice of two", (action) => {
    const env = new Walk();
    env.reset();
    expect(() => env.step(action as number)).toThrow(/^step\(\) of Walk wants the action to be an integer from 0 to 1/);
  });

  it.each([1, [1], [1, 2, 3], null, new Float32Array(3)])("refuses %j as two numbers", (action) => {
    const env = new Echo();
    env.reset();
    expect(() => env.step(action as number[])).toThrow(/^step\(\) of Echo wants the action to be 2 finite numbers/);
  });

  it("refuses NaN and infinity in an action, and leaves the state as it was", () => {
    const env = new Echo();
    env.reset();
    expect(() => env.step([0, NaN])).toThrow(/^step\(\) of Echo wants finite numbers as its action, got NaN at 1/);
    expect(() => env.step([Infinity, 0])).toThrow(/got Infinity at 0/);
    expect([...env.state]).toEqual([0, 0]);
  });

  it("says so where its own reward or observation is no number", () => {
    const env = new Echo();
    env.reset();
    expect(() => env.step([1, 0.5])).toThrow("step() of Echo gave the reward Infinity.");
    class Torn extends Echo {
      protected override advance() {
        this.state[1] = NaN;
        return 0;
      }
    }
    const torn = new Torn();
    torn.reset();
    expect(() => torn.step([0, 0])).toThrow("step() of Echo gave NaN at 1 of its observation.");
  });

  it("goes on to the same numbers where it was saved, its random numbers too", () => {
    const env = new Walk();
    env.reset({ seed: 3 });
    env.step(1);
    const saved = JSON.parse(JSON.stringify(env.save())) as ReturnType<Walk["save"]>;
    const play = (walk: Walk) => {
      const seen = [];
      for (let episode = 0; episode < 10; episode++) {
        while (!walk.terminated) seen.push(walk.step(1).observation[0]);
        seen.push(walk.reset().observation[0]);
      }
      return seen;
    };
    const expected = play(env);
    const other = new Walk();
    other.load(saved);
    expect(play(other)).toEqual(expected);
  });

  it("says how to get a picture where it has none", () => {
    expect(() => new Walk().render()).toThrow("Walk has no picture. Remedy: give its class a draw()");
    class Drawn extends Walk {
      override draw() {
        return { width: 10, height: 10, shapes: [shape("circle", { cx: this.state[0], cy: 1 / 3, r: 1 })] };
      }
    }
    const env = new Drawn();
    expect(env.render()).toBe(sceneToSvg(env.draw(), "Walk"));
    expect(env.render()).toContain('<circle cx="0" cy="0.33" r="1"/></svg>');
  });
});
