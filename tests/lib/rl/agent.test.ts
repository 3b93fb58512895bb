import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { a2c } from "../../../lib/src/rl/a2c";
import type { Agent } from "../../../lib/src/rl/agent";
import { ppo, type PpoOptions } from "../../../lib/src/rl/ppo";
import { reinforce } from "../../../lib/src/rl/reinforce";
import { vectorEnv } from "../../../lib/src/rl/vector-env";
import { tf } from "../../../lib/src/tensorflow";

const folder = mkdtempSync(join(tmpdir(), "agent-"));
afterAll(() => rmSync(folder, { recursive: true }));

const small = { hidden: [8], seed: 3 };
const makers: Record<string, () => Agent> = {
  ppo: () => ppo("CartPole-v1", { ...small, envs: 2, rollout: 32, batchSize: 16, epochs: 2 }),
  a2c: () => a2c("CartPole-v1", { ...small, envs: 4 }),
  reinforce: () => reinforce("CartPole-v1", { ...small, rollout: 60, baselineSteps: 3 }),
};
const quiet = { progress: false };
const weights = (agent: Agent) => agent.policy.variables.map((variable) => [...variable.dataSync()]);
/** A run without what it took in time. */
const rows = (agent: Agent) => agent.history.rows.map((row) => ({ ...row, seconds: 0 }));

describe.each(Object.entries(makers))("%s", (name, make) => {
  it("learns the same from the same seed", async () => {
    const [one, two] = [make(), make()];
    await one.learn({ steps: 300, ...quiet });
    await two.learn({ steps: 300, ...quiet });
    expect(weights(two)).toEqual(weights(one));
    expect(rows(two)).toEqual(rows(one));
    expect(one.history.stopped).toBe("steps");
    one.dispose();
    two.dispose();
  });

  it("goes on after save and load to the numbers of a run without a break", async () => {
    const file = join(folder, `${name}.safetensors`);
    const [whole, first, second] = [make(), make(), make()];
    await whole.learn({ steps: 400, ...quiet });
    await first.learn({ steps: 200, ...quiet });
    first.save(file);
    await second.load(file).learn({ steps: 400, ...quiet });
    expect(weights(second)).toEqual(weights(whole));
    expect(rows(second)).toEqual(rows(whole));
    expect(second.history.episodes).toEqual(whole.history.episodes);
    [whole, first, second].forEach((agent) => agent.dispose());
  });

  it("leaves nothing behind", async () => {
    make().dispose();
    const before = tf.memory().numTensors;
    const agent = make();
    await agent.learn({ steps: 200, ...quiet });
    const during = tf.memory().numTensors;
    await agent.learn({ steps: 400, ...quiet });
    expect(tf.memory().numTensors).toBe(during);
    agent.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("learn", () => {
  it("stops after the running turn, and goes on from its checkpoint", async () => {
    const file = join(folder, "stopped.safetensors");
    const [whole, stopped, resumed] = [makers.ppo(), makers.ppo(), makers.ppo()];
    await whole.learn({ steps: 640, ...quiet });
    const controller = new AbortController();
    const onTurn = ({ step }: { step: number }) => step === 256 && controller.abort();
    const history = await stopped.learn({ steps: 640, ...quiet, signal: controller.signal, onTurn, checkpoint: file });
    expect(history.stopped).toBe("interrupt");
    expect(stopped.steps).toBe(256);
    await resumed.learn({ steps: 640, ...quiet, checkpoint: file });
    expect(resumed.steps).toBe(640);
    expect(weights(resumed)).toEqual(weights(whole));
    [whole, stopped, resumed].forEach((agent) => agent.dispose());
  });

  it("ends once the task is solved", async () => {
    const agent = makers.a2c();
    const history = await agent.learn({ steps: 100_000, until: 5, ...quiet });
    expect(history.stopped).toBe("solved");
    expect(history.episodes.length).toBeGreaterThanOrEqual(100);
    expect(agent.steps).toBeLessThan(100_000);
    agent.dispose();
  });

  it("tells how far it is", async () => {
    const agent = makers.a2c();
    const updates: string[] = [];
    const seen: number[] = [];
    await agent.learn({
      steps: 200,
      progress: ({ done, total, unit }) => updates.push(`${done}/${total} ${unit}`),
      onUpdate: (history) => seen.push(history.rows.length),
    });
    expect(updates[updates.length - 1]).toBe("200/200 steps");
    expect(seen[seen.length - 1]).toBe(10);
    agent.dispose();
  });

  it("says so where the policy diverges", async () => {
    const wild = a2c("CartPole-v1", { ...small, learningRate: () => Infinity });
    await expect(wild.learn({ steps: 500, ...quiet })).rejects.toThrow(/diverged\. Remedy: a smaller learning rate/);
    wild.dispose();
  });

  it("refuses a checkpoint of other options, and a file that is not there", async () => {
    const file = join(folder, "other.safetensors");
    const agent = makers.a2c();
    agent.save(file);
    const other = a2c("CartPole-v1", { ...small, envs: 4, gamma: 0.5 });
    expect(() => other.load(file)).toThrow("gamma was undefined there and is 0.5 here");
    expect(() => agent.load(join(folder, "nothing"))).toThrow("load() of a2c finds no file");
    agent.dispose();
    other.dispose();
  });

  it("refuses options that don't fit, before it makes anything", () => {
    const before = tf.memory().numTensors;
    const refused = (options: object, message: string) =>
      expect(() => ppo("CartPole-v1", options as PpoOptions)).toThrow(message);
    refused({ rolout: 3 }, "did you mean rollout?");
    refused({ rollout: 100, batchSize: 64 }, "a divisor of the 100 · 1 steps of a rollout, got 64");
    refused({ gamma: 2 }, "wants gamma to be a finite number from 0 to 1, got 2");
    refused({ learningRate: NaN }, "wants learningRate");
    expect(() => ppo("CartPol-v1")).toThrow('did you mean "CartPole-v1"?');
    expect(() => ppo(vectorEnv("CartPole-v1"), { envs: 3 })).toThrow("left out");
    expect(() => reinforce("CartPole-v1", { envs: 2 })).toThrow("short episodes would end first");
    expect(tf.memory().numTensors).toBe(before);
  });
});
