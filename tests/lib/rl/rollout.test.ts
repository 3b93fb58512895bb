import { describe, expect, it } from "vitest";
import { generator } from "../../../lib/src/random";
import { BaseEnv } from "../../../lib/src/rl/base-env";
import { type Acting, clipActions, Rollout } from "../../../lib/src/rl/rollout";
import { box } from "../../../lib/src/rl/spaces";
import { vectorEnv } from "../../../lib/src/rl/vector-env";

/** Counts its steps; environment 0 is cut off after three, others are over after two. The reward is the action taken. */
class Counter extends BaseEnv {
  readonly name = "Counter";
  readonly actionSpace = box(-1, 1);
  readonly observationSpace = box(-10, 10);
  readonly state = new Float64Array(1);

  constructor(private readonly index: number) {
    super();
  }

  protected begin(): void {
    this.state[0] = 0;
  }

  protected advance(action: Float32Array | number): number {
    this.state[0]++;
    if (this.index === 0) this.truncated = this.state[0] === 3;
    else this.terminated = this.state[0] === 2;
    return (action as Float32Array)[0];
  }
}

/** Always 5 in the first environment, which is out of bounds, and half of what is seen in the second. */
const policy: Acting = {
  act(observations, _, actions) {
    actions.set([5, observations[1] / 2]);
    return actions;
  },
};

function collected(steps: number) {
  const envs = vectorEnv((i) => new Counter(i), { count: 2 });
  envs.reset({ seed: 1 });
  const rollout = new Rollout(envs);
  const lengths: number[] = [];
  rollout.collect(
    policy,
    generator(1),
    ({ steps: done }) => done === steps,
    ({ length }) => lengths.push(length),
  );
  return { rollout, lengths, envs };
}

describe("Rollout", () => {
  it("takes down what was seen, what the policy chose and what came of it", () => {
    const { rollout, lengths } = collected(4);
    expect(rollout.size).toBe(8);
    expect([...rollout.observations]).toEqual([0, 0, 1, 1, 2, 0, 0, 1]);
    expect([...rollout.ends]).toEqual([0, 0, 0, 1, 1, 0, 0, 1]);
    expect(lengths).toEqual([2, 3, 2]);
  });

  it("keeps the action as the policy gave it, and hands the environment one within its bounds", () => {
    const { rollout } = collected(4);
    expect([...rollout.actions]).toEqual([5, 0, 5, 0.5, 5, 0, 5, 0.5]);
    expect([...rollout.rewards]).toEqual([1, 0, 1, 0.5, 1, 0, 1, 0.5]);
  });

  it("gives the value of what follows: nothing after the end, the last state's where time was up", () => {
    const { rollout } = collected(4);
    const values = Float32Array.from([10, 20, 11, 21, 12, 22, 13, 23]);
    // 100 more than what is seen: environment 0 was cut off at 3, and sees 1 now; environment 1 sees a new start.
    const next = rollout.nextValues(values, (seen, count) => seen.slice(0, count).map((value) => value + 100));
    expect([...next]).toEqual([11, 21, 12, 0, 103, 23, 101, 0]);
  });

  it("grows as long as it is asked to, and starts over at the next call", () => {
    const { rollout } = collected(1000);
    expect([...rollout.observations.subarray(0, 8)]).toEqual([0, 0, 1, 1, 2, 0, 0, 1]);
    expect(rollout.rewards.length).toBe(2000);
    rollout.collect(policy, generator(1), ({ steps }) => steps === 2);
    expect(rollout.size).toBe(4);
    // 1000 steps are 333 episodes of three and one step, and 500 of two: both go on where they were.
    expect([...rollout.observations]).toEqual([1, 0, 2, 1]);
  });
});

describe("clipActions", () => {
  it("leaves choices alone, and lets NaN through for the environment to refuse", () => {
    const { envs } = collected(1);
    const actions = Float32Array.from([NaN, -3]);
    clipActions(envs, actions);
    expect([...actions]).toEqual([NaN, -1]);
    const choices = Float32Array.from([1]);
    clipActions(vectorEnv("CartPole-v1"), choices);
    expect([...choices]).toEqual([1]);
  });
});
