import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSafetensors, writeSafetensors } from "../../../lib/src/data/safetensors-file";
import {
  evaluateAgent,
  identity,
  loadAgent,
  loadMujoco,
  make,
  normalize,
  playEpisode,
  ppo,
  recipe,
  record,
  saveAgent,
  specOf,
  trainedAgent,
  trainedAgents,
  vectorEnv,
} from "../../../lib/src/rl";
import { trainedAgentsFolder } from "../../../lib/src/rl/saved-agent";
import { tf } from "../../../lib/src/tensorflow";

const folder = mkdtempSync(join(tmpdir(), "saved-agent-"));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(loadMujoco);

const file = join(folder, "agent.safetensors");
const small = { hidden: [8, 8], rollout: 64, batchSize: 64, epochs: 2, seed: "five" };
const pendulums = () => vectorEnv("Pendulum-v1", { count: 3 });

describe("saveAgent and loadAgent", () => {
  it("play to the same numbers, with the moments that observations were normalised by standing still", async () => {
    const envs = normalize(vectorEnv("Pendulum-v1", { count: 2 }));
    const agent = ppo(envs, { ...small, activation: "relu" });
    await agent.learn({ steps: 512, progress: false });
    const alive = evaluateAgent(agent.policy, envs.judging(pendulums()), { episodes: 6, seed: 4 });
    saveAgent(file, agent, { env: "Pendulum-v1" });
    const loaded = loadAgent(file);
    expect(evaluateAgent(loaded, pendulums(), { episodes: 6, seed: 4 })).toEqual(alive);
    const blind = evaluateAgent(agent.policy, pendulums(), { episodes: 6, seed: 4 });
    expect(blind.returns).not.toEqual(alive.returns);
    expect(loaded.normalization).toEqual({ moments: envs.normalization().observations, clip: 10 });
    expect(loaded.notes).toEqual({ env: "Pendulum-v1", algorithm: "ppo", seed: "five", steps: 512 });
    // What is learned after that is not seen by what was saved before.
    await agent.learn({ steps: 1024, progress: false });
    expect(evaluateAgent(loaded, pendulums(), { episodes: 6, seed: 4 })).toEqual(alive);
    agent.dispose();
    loaded.dispose();
  });

  it("draw the same actions from the same seed", () => {
    const agent = ppo(normalize(vectorEnv("MountainCarContinuous-v0")), { ...small, logStd: 1 });
    saveAgent(file, agent);
    const loaded = loadAgent(file);
    const options = { episodes: 1, seed: 2, sample: true };
    const envs = () => vectorEnv("MountainCarContinuous-v0");
    const judging = normalize(envs());
    judging.training = false;
    expect(evaluateAgent(loaded, envs(), options)).toEqual(evaluateAgent(agent.policy, judging, options));
    expect(loaded.policy.logStd!.dataSync()).toEqual(Float32Array.of(1));
    agent.dispose();
    loaded.dispose();
  });

  it("see as it is what was never normalised, choices included", () => {
    const agent = ppo(() => identity(), small);
    saveAgent(file, agent);
    const loaded = loadAgent(file);
    expect(loaded.normalization).toBeUndefined();
    expect(loaded.env).toBe("Identity");
    const size = agent.policy.observationSize;
    const seen = Float32Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0));
    const chosen = agent.policy.act(seen, size, new Float32Array(size));
    expect(loaded.act(seen, size, new Float32Array(size))).toEqual(chosen);
    const act = loaded.controller();
    expect(Array.from({ length: size }, (_, i) => act(i))).toEqual([...chosen]);
    agent.dispose();
    loaded.dispose();
  });

  it("leave nothing behind, also where the file is none of theirs", () => {
    const agent = ppo("Pendulum-v1", small);
    saveAgent(file, agent);
    const before = tf.memory().numTensors;
    loadAgent(file).dispose();
    writeFileSync(join(folder, "text"), "no safetensors at all");
    expect(() => loadAgent(join(folder, "text"))).toThrow(RangeError);
    agent.save(join(folder, "checkpoint"));
    expect(() => loadAgent(join(folder, "checkpoint"))).toThrow("Remedy: a file that saveAgent() wrote.");
    expect(() => loadAgent(join(folder, "nothing"))).toThrow("ENOENT");
    const { tensors, metadata } = readSafetensors(file);
    delete tensors["weights/3"];
    writeSafetensors(join(folder, "less"), { tensors, metadata });
    expect(() => loadAgent(join(folder, "less"))).toThrow(/^loadAgent\(\) cannot use .*less: it holds \d+ weights/);
    expect(() => saveAgent(file, agent, { score: 3, name: "x" } as object)).toThrow("no option name");
    expect(tf.memory().numTensors).toBe(before);
    agent.dispose();
  });
});

describe("trainedAgent", () => {
  it.each(trainedAgents())(
    "%s plays as well as is noted, beyond what counts as solved here",
    (env) => {
      const goals: Record<string, number> = { "Pendulum-v1": -200, "Swimmer-v5": 100 };
      Object.assign(goals, { "Hopper-v5": 2000, "HalfCheetah-v5": 1400 });
      const agent = trainedAgent(env);
      const { score, seed, steps } = agent.notes;
      expect(score!.episodes).toBe(100);
      expect(score!.mean).toBeGreaterThanOrEqual(goals[env] ?? specOf(env).rewardThreshold);
      expect(seed).toBe(0);
      expect(steps).toBeGreaterThanOrEqual(recipe(env).steps);
      // Of the hundred only ten are played again where each takes MuJoCo a while.
      const bodies = env.endsWith("-v5");
      const episodes = bodies ? 10 : 100;
      const { mean } = evaluateAgent(agent, vectorEnv(env, { count: 10 }), { episodes, seed: 10_000 });
      // All of them: the very number. Ten of them: within three standard errors, and a thousandth for bodies that hardly vary.
      if (!bodies) expect(mean).toBeAllclose(score!.mean, { rtol: 1e-6 });
      else expect(Math.abs(mean - score!.mean)).toBeLessThan((3 * score!.std) / Math.sqrt(10) + 0.001 * score!.mean);
      expect(agent.log.length).toBeGreaterThan(10);
      expect(agent.log.length).toBeLessThanOrEqual(200);
      expect(agent.log[agent.log.length - 1].step).toBe(steps);
      agent.dispose();
    },
    60_000,
  );

  it("plays an episode that can be watched", () => {
    const agent = trainedAgent("CartPole-v1");
    const env = record(make(agent.env), { every: 10 });
    expect(playEpisode(env, agent.controller(), { seed: 1 })).toMatchObject({ return: 500, terminated: false });
    expect(env.scenes).toHaveLength(51);
    agent.dispose();
  });

  it("keeps actions within the bounds of the task", () => {
    const agent = trainedAgent("Pendulum-v1");
    const act = agent.controller();
    const chosen = [0, 1, 2, 3, 4, 5].map(
      (k) => (act(Float32Array.of(Math.cos(k), Math.sin(k), 4)) as Float32Array)[0],
    );
    expect(Math.max(...chosen.map(Math.abs))).toBe(2);
    agent.dispose();
  });

  it("lists the tasks where there is none", () => {
    expect(() => trainedAgent("Bandit-v0")).toThrow(/^trainedAgent\(\) wants env to be .*"HalfCheetah-v5"/);
  });

  it("has weights that lie beside the library", () => {
    expect(() => copyFileSync(join(trainedAgentsFolder, "CartPole-v1.safetensors"), file)).not.toThrow();
    const [loaded, trained] = [loadAgent(file), trainedAgent("CartPole-v1")];
    expect(loaded.notes).toEqual(trained.notes);
    expect(loaded.log).toEqual([]);
    loaded.dispose();
    trained.dispose();
  });
});
