/**
 * Trains the agents that come with nablab, each with its recipe and seed 0, and writes `lib/checkpoints/agents/`: the policy
 * with its score over 100 episodes that it never saw, and the log of its training, thinned out to 200 rows.
 *
 * Run: npm run build && node lib/dist/checkpoints/train-agents.js [TASK …]; all of them by default
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { evaluateAgent, learner, loadMujoco, recipe, saveAgent, vectorEnv } from "../rl";
import type { LearningRow } from "../rl";
import { loadAgent, trainedAgents, trainedAgentsFolder } from "../rl/saved-agent";

const episodes = 100;

async function train(env: string): Promise<void> {
  const agent = learner(env, { seed: 0 });
  const { rows } = await agent.learn({ steps: recipe(env).steps });
  const file = join(trainedAgentsFolder, `${env}.safetensors`);
  saveAgent(file, agent, { env });
  const player = loadAgent(file);
  const { mean, std } = evaluateAgent(player, vectorEnv(env, { count: 10 }), { episodes, seed: 10_000 });
  saveAgent(file, agent, { env, score: { mean, std, episodes } });
  const lines = thinned(rows, 200).map((row) => JSON.stringify(row, (_, value: unknown) => rounded(value)));
  writeFileSync(join(trainedAgentsFolder, `${env}.jsonl`), `${lines.join("\n")}\n`);
  const { seconds } = rows[rows.length - 1];
  console.log(`${env}: ${mean.toFixed(1)} ± ${std.toFixed(1)} after ${agent.steps} steps in ${seconds.toFixed(0)} s`);
  player.dispose();
  agent.dispose();
  agent.envs.close();
}

/** Evenly spread rows, the last one among them. */
function thinned(rows: LearningRow[], count: number): LearningRow[] {
  const every = Math.ceil(rows.length / count);
  return rows.filter((_, i) => (rows.length - 1 - i) % every === 0);
}

const rounded = (value: unknown) =>
  typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;

async function main(): Promise<void> {
  await loadMujoco();
  const named = process.argv.slice(2);
  for (const env of named.length > 0 ? named : trainedAgents()) await train(env);
}

if (require.main === module) void main();
