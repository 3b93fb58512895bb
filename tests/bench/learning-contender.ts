/**
 * nablab's PPO by a recipe, in a process of its own: `node learning-contender.js RECIPE SEED`, with the recipe as JSON, as
 * for peers/sb3_peer.py. Prints as JSON how many steps a second it learned from, from the first to the last.
 */
import { rl } from "nablab";

async function main(): Promise<void> {
  const [, , recipe, seed] = process.argv;
  const settings = JSON.parse(recipe) as rl.Recipe;
  const agent = rl.learner(settings, { seed: Number(seed) });
  const [began, before] = [performance.now(), process.cpuUsage()];
  await agent.learn({ steps: settings.steps, progress: false });
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ rate: agent.steps / seconds, cpuRate: (agent.steps / (user + system)) * 1e6 }));
}

void main();
