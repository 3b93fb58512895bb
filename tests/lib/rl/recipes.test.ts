import { describe, expect, it } from "vitest";
import { learner, make, recipe, RECIPES, type NormalizedVectorEnv } from "../../../lib/src/rl";
import { loadMujoco } from "../../../lib/src/rl/mujoco";
import { tf } from "../../../lib/src/tensorflow";

describe("recipe", () => {
  it("finds the settings of a task, for PPO where no algorithm is named", () => {
    expect(recipe("CartPole-v1")).toMatchObject({ algorithm: "ppo", steps: 100_000, options: { lambda: 0.8 } });
    expect(recipe("CartPole-v1", "reinforce")).toMatchObject({ algorithm: "reinforce", steps: 200_000 });
    expect(() => recipe("CartPol-v1")).toThrow('did you mean "CartPole-v1"?');
    expect(() => recipe("Hopper-v5", "reinforce")).toThrow(/^recipe\(\) wants env/);
  });

  it("is plain data: it goes through JSON as it is", () => {
    expect(JSON.parse(JSON.stringify(RECIPES))).toEqual(RECIPES);
  });
});

describe("learner", () => {
  it("makes the agent of every recipe, with environments that normalise where the recipe does", async () => {
    await loadMujoco();
    const before = tf.memory().numTensors;
    for (const row of RECIPES) {
      const agent = learner(row, { seed: 3 });
      expect(agent).toMatchObject({ algorithm: row.algorithm, seed: 3 });
      expect(agent.envs.count).toBe(row.options.envs ?? 1);
      expect("judging" in agent.envs).toBe(row.normalize ?? false);
      expect(agent.envs.name).toBe(make(row.env).name);
      agent.dispose();
      agent.envs.close();
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it("discounts the returns that scale rewards as the agent does", () => {
    const { envs } = learner("MountainCarContinuous-v0");
    expect((envs as NormalizedVectorEnv).options.gamma).toBe(0.999);
  });

  it("lets the options that a recipe names fall to 0", async () => {
    const options = { envs: 1, rollout: 64, batchSize: 64, epochs: 1, hidden: [4], learningRate: 0.01, clip: 0.2 };
    const task = { env: "CartPole-v1", algorithm: "ppo", steps: 128, note: "" } as const;
    const learned = async (anneal?: ["learningRate"]) => {
      const agent = learner({ ...task, options, anneal });
      const weights: number[][] = [];
      const onTurn = () => weights.push([...agent.policy.variables[0].dataSync()]);
      await agent.learn({ steps: 128, progress: false, onTurn });
      agent.dispose();
      return weights;
    };
    const [falling, constant] = [await learned(["learningRate"]), await learned()];
    expect(falling[0]).toEqual(constant[0]); // all is left in the first turn
    expect(falling[1]).not.toEqual(constant[1]);
  });

  it("refuses options that are none", () => {
    expect(() => learner("CartPole-v1", { sed: 1 } as object)).toThrow("did you mean seed?");
  });
});
