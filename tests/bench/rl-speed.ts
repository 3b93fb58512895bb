/**
 * How many steps a second PPO learns from, end to end, beside Stable-Baselines3 with the same settings: acting, the
 * environment and the updates together. Both take turns, each round in a process of its own with one thread for its
 * tensors, and the report gives medians and their ratio.
 *
 *   node tests/bench/dist/rl-speed.js --python PYTHON
 *
 * ROUNDS says how often (5). Writes rl-speed.md.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { rl } from "nablab";
import { learningTasks, type Task } from "./learning-task";

const ids = ["cartpole-ppo", "pendulum-ppo"];
const goal = 3;

/** Ours, in this process. @returns steps a second, from the first to the last, compiling included */
async function own(task: Task, seed: number): Promise<number> {
  const agent = rl.learner(task.settings, { seed });
  const { rows } = await agent.learn({ steps: task.settings.steps, progress: false });
  return agent.steps / rows[rows.length - 1].seconds;
}

interface Round {
  nablab: number;
  sb3: number;
}

function round(task: Task, seed: number, python: string): Round {
  const env = { ...process.env, TF_NUM_INTRAOP_THREADS: "1", TF_NUM_INTEROP_THREADS: "1" };
  const read = (program: string, args: string[]) => {
    const said = execFileSync(program, args, { encoding: "utf8", env, stdio: ["ignore", "pipe", "ignore"] });
    return (JSON.parse(said) as { rate: number }).rate;
  };
  const recipe = JSON.stringify({ ...task.settings, evaluate: false });
  return {
    nablab: read(process.execPath, [__filename, "--one", task.id, String(seed)]),
    sb3: read(python, [join(__dirname, "../peers/sb3_peer.py"), recipe, String(seed)]),
  };
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const steps = (values: number[]) => Math.round(median(values)).toLocaleString("en");

function row({ id, settings }: Task, rounds: Round[]): string {
  const ratios = rounds.map(({ nablab, sb3 }) => nablab / sb3);
  const spread = `${Math.min(...ratios).toFixed(1)} to ${Math.max(...ratios).toFixed(1)}`;
  const [ours, theirs] = [rounds.map(({ nablab }) => nablab), rounds.map(({ sb3 }) => sb3)];
  const cells = [id, settings.steps.toLocaleString("en"), steps(ours), steps(theirs)];
  return `| ${[...cells, `${median(ratios).toFixed(1)} (${spread})`, goal].join(" | ")} |`;
}

async function main(): Promise<void> {
  const [, , mode, argument, seed] = process.argv;
  const tasks = learningTasks();
  if (mode === "--one") {
    const rate = await own(
      tasks.find(({ id }) => id === argument)!,
      Number(seed),
    );
    return console.log(JSON.stringify({ rate }));
  }
  if (mode !== "--python") throw new Error("rl-speed wants --python, the interpreter that has Stable-Baselines3");
  const count = Number(process.env.ROUNDS ?? 5);
  const before = loadavg()[0];
  const rows = ids.map((id) => {
    const task = tasks.find((each) => each.id === id)!;
    const rounds = Array.from({ length: count }, (_, i) => {
      const made = round(task, i, argument);
      process.stderr.write(`${id} ${JSON.stringify(made)}\n`);
      return made;
    });
    return row(task, rounds);
  });
  const text = [
    "# How fast PPO learns",
    `Steps a second from the first step of a run to its last: acting, environment and updates, compiling included. Medians of ` +
      `${count} rounds in turn, on ${cpus().length} × ${cpus()[0].model}; load at the start ${before.toFixed(1)}. One thread each ` +
      `for tensors. In brackets the ratio's spread over the rounds.`,
    [
      "| run | steps | nablab | Stable-Baselines3 | times faster | goal |",
      "| --- | --- | --- | --- | --- | --- |",
      ...rows,
    ].join("\n"),
  ].join("\n\n");
  console.log(text);
  writeFileSync(join(__dirname, "../rl-speed.md"), `${text}\n`);
}

void main();
