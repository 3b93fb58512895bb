import { expect } from "vitest";
import type { BaseEnv, Space } from "../../../lib/src/rl";
import fixture from "../../fixtures/rl/classic_control.json";

/** Episodes that Gymnasium made, by the environment's name. */
export const gymnasium = fixture.environments as Record<string, Recorded>;

interface Recorded {
  maxEpisodeSteps: number;
  rewardThreshold: number | null;
  action: RecordedSpace;
  observation: RecordedSpace;
  episodes: RecordedEpisode[];
}

type RecordedSpace = { n: number } | { low: (number | string)[]; high: (number | string)[]; shape: number[] };

interface RecordedEpisode {
  start: number[];
  observation: number[];
  actions: (number | number[])[];
  states: number[][];
  observations: number[][];
  rewards: number[];
  terminated: boolean;
}

/** How far from Gymnasium's a state or reward may be: the last bits of sin and cos, and what they grow to on the way. */
const exact = { "its own": { atol: 1e-9, rtol: 0 }, "Gymnasium's": { atol: 1e-12, rtol: 0 } };

/** Plays a recorded episode and compares every step; on its own way, or put on Gymnasium's way before each step. */
export function expectSameEpisode(env: BaseEnv, episode: RecordedEpisode, way: keyof typeof exact): void {
  env.reset({ seed: 0 });
  env.state.set(episode.start);
  episode.actions.forEach((action, i) => {
    if (way === "Gymnasium's" && i > 0) env.state.set(episode.states[i - 1]);
    const { observation, reward, terminated, truncated } = env.step(action);
    expect(env.state.subarray(0, episode.start.length), `state ${i}`).toBeAllclose(episode.states[i], exact[way]);
    expect(observation as Float32Array, `observation ${i}`).toBeAllclose(episode.observations[i], {
      atol: 1e-7,
      rtol: 1.2e-7, // one bit of a float32
    });
    expect(reward, `reward ${i}`).toBeAllclose(episode.rewards[i], exact[way]);
    const last = i + 1 === episode.actions.length;
    expect({ terminated, truncated }).toEqual({ terminated: last && episode.terminated, truncated: false });
  });
}

/** Compares a space with Gymnasium's, bounds in float32. */
export function expectSameSpace(space: Space, recorded: RecordedSpace): void {
  if ("n" in recorded) return expect(space).toMatchObject({ kind: "discrete", n: recorded.n });
  const { low, high, shape } = recorded;
  const bounds = { low: Float32Array.from(low, Number), high: Float32Array.from(high, Number) };
  expect(space).toMatchObject({ kind: "box", shape, ...bounds });
}
