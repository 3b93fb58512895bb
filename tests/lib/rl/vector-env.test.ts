import { describe, expect, it } from "vitest";
import { generator } from "../../../lib/src/random";
import { armedBandit, identity, make, probe, timeLimit, vectorEnv, type SavedEnv } from "../../../lib/src/rl";

describe("vectorEnv", () => {
  it("does what its environments do one by one, seeded with seed + i, and resets at once where one ends", () => {
    const count = 3;
    const envs = vectorEnv("CartPole-v1", { count });
    const singles = Array.from({ length: count }, () => make("CartPole-v1"));
    const returns = [0, 0, 0];
    envs.reset({ seed: 7 });
    const seen = singles.map((env, i) => env.reset({ seed: 7 + i }).observation as Float32Array);
    expect([...envs.observations]).toEqual(seen.flatMap((row) => [...row]));
    const rng = generator(1);
    let ended = 0;
    for (let step = 0; step < 120; step++) {
      const actions = Int32Array.from(singles, () => rng.integer(0, 2));
      envs.step(actions);
      const episodes = singles.flatMap((env, i) => {
        const next = env.step(actions[i]);
        returns[i] += next.reward;
        expect(envs.rewards[i]).toBe(next.reward);
        expect(envs.terminated[i]).toBe(next.terminated ? 1 : 0);
        expect(envs.truncated[i]).toBe(0);
        seen[i] = next.observation as Float32Array;
        if (!next.terminated) return [];
        expect([...envs.finalObservations.subarray(4 * i, 4 * i + 4)]).toEqual([...seen[i]]);
        seen[i] = env.reset().observation as Float32Array;
        const episode = { env: i, return: returns[i], length: returns[i] };
        returns[i] = 0;
        return [episode];
      });
      ended += episodes.length;
      expect(envs.episodes).toEqual(episodes);
      expect([...envs.observations]).toEqual(seen.flatMap((row) => [...row]));
    }
    expect(ended).toBeGreaterThan(6);
  });

  it("keeps the last observation of a truncated episode for the bootstrap", () => {
    const envs = vectorEnv(() => timeLimit(identity({ n: 3 }), 2), { count: 2 });
    expect(envs).toMatchObject({ count: 2, observationSize: 3, actionSize: 1, name: "Identity" });
    envs.reset({ seed: 0 });
    envs.step([0, 0]);
    expect([...envs.truncated, ...envs.terminated]).toEqual([0, 0, 0, 0]);
    envs.step([0, 0]);
    expect([...envs.truncated, ...envs.terminated]).toEqual([1, 1, 0, 0]);
    for (const rows of [envs.finalObservations, envs.observations]) {
      for (const i of [0, 1]) expect(rows.subarray(3 * i, 3 * i + 3).reduce((sum, x) => sum + x)).toBe(1);
    }
  });

  it("hands flat actions of boxes to their environments", () => {
    const envs = vectorEnv(() => identity({ kind: "box" }), { count: 4 });
    envs.reset({ seed: 2 });
    const actions = Float32Array.from(envs.observations, (seen, i) => (i === 2 ? seen + 0.5 : seen));
    envs.step(actions);
    expect([...envs.rewards]).toEqual([1, 1, 0, 1]);
  });

  it("refuses too few actions, wrong ones, and environments that differ or are the same", () => {
    const envs = vectorEnv("CartPole-v1", { count: 2 });
    envs.reset();
    expect(() => envs.step(new Int32Array(1))).toThrow(
      "step() of CartPole wants actions to be 2 numbers, 1 for each of 2 environments, got a Int32Array of length 1.",
    );
    expect(() => envs.step([0, NaN])).toThrow(/wants the action to be an integer from 0 to 1/);
    expect(() => vectorEnv(() => identity(), { count: 0 })).toThrow(/^vectorEnv\(\) wants count/);
    expect(() => vectorEnv("Nothing-v0")).toThrow(/^make\(\) wants id/);
    expect(() => vectorEnv((i) => (i === 0 ? identity() : armedBandit()), { count: 2 })).toThrow(
      /environment 1 to be of the same spaces/,
    );
    const one = identity();
    expect(() => vectorEnv(() => one, { count: 2 })).toThrow(/a new environment at each call/);
    expect(() => vectorEnv("CartPole-v1", { n: 2 } as object)).toThrow("vectorEnv() has no option n.");
  });

  it("goes on to the same numbers where it was saved", () => {
    const play = (envs: ReturnType<typeof vectorEnv>) => {
      const seen: number[] = [];
      for (let step = 0; step < 60; step++) {
        envs.step([step % 2, 1]);
        seen.push(...envs.observations, ...envs.episodes.map((episode) => episode.return));
      }
      return seen;
    };
    const envs = vectorEnv("CartPole-v1", { count: 2 });
    envs.reset({ seed: 3 });
    play(envs);
    const saved = JSON.parse(JSON.stringify(envs.save())) as SavedEnv;
    const expected = play(envs);
    const other = vectorEnv("CartPole-v1", { count: 2 });
    other.load(saved);
    expect(play(other)).toEqual(expected);
    expect(() => vectorEnv(() => probe("delayed reward")).load(saved)).toThrow(/^load\(\) wants saved.envs/);
  });

  it("makes no garbage that grows with its steps", () => {
    const envs = vectorEnv("CartPole-v1", { count: 2 });
    const { observations, rewards, episodes } = envs;
    envs.reset();
    for (let step = 0; step < 50; step++) envs.step([0, 1]);
    expect([envs.observations, envs.rewards, envs.episodes]).toEqual([observations, rewards, episodes]);
    expect(envs.observations).toBe(observations);
    expect(episodes.length).toBeLessThanOrEqual(2);
  });
});
