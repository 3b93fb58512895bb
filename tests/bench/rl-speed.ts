/**
 * How many steps a second PPO learns from, end to end, beside Stable-Baselines3 with the same settings: acting, the
 * environment and the updates together. Both take turns, each round in a process of its own with one thread for its
 * tensors, and the report gives medians and their ratio: by the clock, and by the processor's time, which other work on the
 * machine hardly changes.
 *
 *   node tests/bench/dist/rl-speed.js --python PYTHON
 *
 * ROUNDS says how often (5). Writes rl-speed.md, and each round into rl-speed.rounds.json at once, so that it can be
 * interrupted; delete that file to begin anew.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { rl } from "nablab";
import { learningTasks, median, type Task } from "./learning-task";

const ids = ["cartpole-ppo", "pendulum-ppo"];
const goal = 3;
const file = join(__dirname, "../rl-speed.rounds.json");

/** Steps a second from the first to the last, compiling included: by the clock, and of the processor's time. */
interface Rates {
  rate: number;
  cpuRate: number;
}

/** Ours, in this process. */
async function own(task: Task, seed: number): Promise<Rates> {
  const agent = rl.learner(task.settings, { seed });
  const before = process.cpuUsage();
  const { rows } = await agent.learn({ steps: task.settings.steps, progress: false });
  const { user, system } = process.cpuUsage(before);
  return { rate: agent.steps / rows[rows.length - 1].seconds, cpuRate: (agent.steps / (user + system)) * 1e6 };
}

type Round = Record<"nablab" | "sb3", Rates>;

function round(task: Task, seed: number, python: string): Round {
  const one = { TF_NUM_INTRAOP_THREADS: "1", TF_NUM_INTEROP_THREADS: "1", OMP_NUM_THREADS: "1" };
  const read = (program: string, args: string[]) => {
    const env = { ...process.env, ...one };
    const said = execFileSync(program, args, { encoding: "utf8", env, stdio: ["ignore", "pipe", "ignore"] });
    return JSON.parse(said) as Rates;
  };
  const recipe = JSON.stringify({ ...task.settings, evaluate: false });
  return {
    nablab: read(process.execPath, [__filename, "--one", task.id, String(seed)]),
    sb3: read(python, [join(__dirname, "../peers/sb3_peer.py"), recipe, String(seed)]),
  };
}

function row({ id, settings }: Task, rounds: Round[], by: keyof Rates): string {
  const ratios = rounds.map(({ nablab, sb3 }) => nablab[by] / sb3[by]);
  const spread = `${Math.min(...ratios).toFixed(1)} to ${Math.max(...ratios).toFixed(1)}`;
  const steps = (who: keyof Round) => Math.round(median(rounds.map((each) => each[who][by]))).toLocaleString("en");
  const cells = [id, settings.steps.toLocaleString("en"), { rate: "clock", cpuRate: "processor" }[by]];
  return `| ${[...cells, steps("nablab"), steps("sb3"), `${median(ratios).toFixed(1)} (${spread})`, goal].join(" | ")} |`;
}

async function main(): Promise<void> {
  const [, , mode, argument, seed] = process.argv;
  const tasks = learningTasks().filter(({ id }) => ids.includes(id));
  if (mode === "--one") {
    const task = tasks.find(({ id }) => id === argument)!;
    return console.log(JSON.stringify(await own(task, Number(seed))));
  }
  if (mode !== "--python") throw new Error("rl-speed wants --python, the interpreter that has Stable-Baselines3");
  const count = Number(process.env.ROUNDS ?? 5);
  const done = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, Round[]>) : {};
  for (const task of tasks) {
    const rounds = (done[task.id] ??= []);
    while (rounds.length < count) {
      rounds.push(round(task, rounds.length, argument));
      process.stderr.write(`${task.id} ${JSON.stringify(rounds[rounds.length - 1])}\n`);
      writeFileSync(file, `${JSON.stringify(done, null, 2)}\n`);
    }
  }
  const rows = tasks.flatMap((task) => (["rate", "cpuRate"] as const).map((by) => row(task, done[task.id], by)));
  const text = [
    "# How fast PPO learns",
    "Steps a second from the first step of a run to its last: acting, environment and updates, compiling included. Medians " +
      `of ${count} rounds in turn, on ${cpus().length} × ${cpus()[0].model} with a load of ${loadavg()[0].toFixed(1)} at the end, ` +
      "where 1 is this program alone. One thread each for tensors. " +
      "Time is that of the clock, which other work changes, or the processor's, of all threads. In brackets the ratio's spread " +
      "over the rounds.",
    [
      "| run | steps | time | nablab, steps/s | Stable-Baselines3, steps/s | times faster | goal |",
      "| --- | --- | --- | --- | --- | --- | --- |",
      ...rows,
    ].join("\n"),
  ].join("\n\n");
  console.log(text);
  writeFileSync(join(__dirname, "../rl-speed.md"), `${text}\n`);
}

void main();
