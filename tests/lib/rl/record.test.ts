import { expect, it } from "vitest";
import { CartPole, playEpisode, record, timeLimit } from "../../../lib/src/rl";

it("keeps a picture of the start and of each step, or of every n-th, up to a limit", () => {
  const env = record(timeLimit(new CartPole(), 7));
  const seen: string[] = [];
  let sight = env.reset({ seed: 1 });
  do {
    seen.push(env.render());
    sight = { ...sight, ...env.step(0) };
  } while (!env.truncated && !env.terminated);
  seen.push(env.render());
  expect(env.scenes).toHaveLength(8);
  expect(env.scenes.map((scene) => JSON.stringify(scene))).toHaveLength(new Set(seen).size);
  expect(env.scenes[7]).toEqual(env.draw());
  env.clear();
  expect(env.scenes).toEqual([]);

  const thin = record(timeLimit(new CartPole(), 7), { every: 3 });
  playEpisode(thin, () => 0, { seed: 1 });
  expect(thin.scenes).toHaveLength(3);
  playEpisode(thin, () => 0);
  expect(thin.scenes).toHaveLength(6);
  const short = record(timeLimit(new CartPole(), 7), { limit: 2 });
  playEpisode(short, () => 0);
  expect(short.scenes).toHaveLength(2);
  expect(() => record(new CartPole(), { every: 0 })).toThrow(/^record\(\) wants every/);
});
