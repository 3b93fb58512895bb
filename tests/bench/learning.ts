/**
 * What the agents of lib/src/rl learn, and how fast, as a Markdown table: for each task of learning.json five seeds, each
 * judged by 100 episodes that it never saw, beside random play and doing nothing. With --python also Stable-Baselines3 on the
 * same task, settings and number of steps.
 *
 *   node node_modules/typescript/bin/tsc --build tests/bench && node tests/bench/dist/learning.js [--python PYTHON]
 *
 * Every run is put down in learning.runs.jsonl at once and not made again, so that it can be interrupted. Delete the file to
 * begin anew. ONLY=cartpole picks tasks by name, SEEDS sets how many seeds (5), LIMIT how many runs to make this time. The
 * table needs all runs. The exit code is 1 where a seed misses its goal.
 */
import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rl, random as numbers } from "nablab";

interface Task {
  id: string;
  env: string;
  algorithm: "ppo" | "reinforce" | "a2c";
  steps: number;
  /** The mean return that each seed must reach; tasks without one are there for their speed only. */
  goal: number;
  note?: string;
  options: Record<string, number>;
  /** Options that fall to 0 along a straight line. */
  anneal?: string[];
}

/** What a run of one seed gave. */
interface Run {
  task: string;
  who: "nablab" | "sb3";
  seed: number;
  mean: number;
  /** Steps a second from the first step to the last, evaluation apart. */
  rate: number;
}

type Measured = Pick<Run, "mean" | "rate">;

const seeds = Number(process.env.SEEDS ?? 5);
const python = process.argv[2] === "--python" ? process.argv[3] : undefined;
const tasks = (JSON.parse(readFileSync(join(__dirname, "../learning.json"), "utf8")) as Task[]).filter(
  (task) => "goal" in task && task.id.includes(process.env.ONLY ?? ""),
);

const file = join(__dirname, "../learning.runs.jsonl");
const done: Run[] = existsSync(file)
  ? readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .map((text) => JSON.parse(text) as Run)
  : [];
let limit = Number(process.env.LIMIT ?? Infinity);

/** The runs of a task that were made before, and those that are missing, as far as the limit goes. */
async function runsOf(
  task: Task,
  who: Run["who"],
  make: (seed: number) => Promise<Measured>,
  wanted = true,
): Promise<Run[]> {
  const has = (seed: number) => done.find((run) => run.task === task.id && run.who === who && run.seed === seed);
  for (let seed = 0; seed < seeds; seed++) {
    if (!wanted || has(seed) || limit <= 0) continue;
    limit--;
    const run = { task: task.id, who, seed, ...(await make(seed)) };
    done.push(run);
    appendFileSync(file, `${JSON.stringify(run)}\n`);
  }
  return done.filter((run) => run.task === task.id && run.who === who && run.seed < seeds);
}

async function learn({ env, algorithm, steps, options, anneal = [] }: Task, seed: number): Promise<Measured> {
  const falling = Object.fromEntries(anneal.map((name) => [name, (left: number) => left * options[name]]));
  const agent = rl[algorithm](env, { ...options, ...falling, seed });
  const { rows } = await agent.learn({ steps, progress: false });
  const { mean } = rl.evaluateAgent(agent.policy, rl.vectorEnv(env, { count: 10 }), { seed: 10_000 });
  agent.dispose();
  return { mean, rate: agent.steps / rows[rows.length - 1].seconds };
}

/** Random actions, or always the first choice or no force. */
function simple(env: string, chooses: "random" | "nothing"): number {
  const envs = rl.vectorEnv(env, { count: 10 });
  const random = numbers.generator(1);
  const act: rl.Acting["act"] = (_observations, count, actions) => {
    const each = actions.length / count;
    for (let i = 0; i < count; i++) {
      if (chooses === "nothing") actions.fill(0);
      else
        actions.set(
          ([] as number[]).concat(Array.from([envs.actionSpace.sample(random)].flat() as number[])),
          i * each,
        );
    }
    return actions;
  };
  return rl.evaluateAgent({ act }, envs, { seed: 10_000 }).mean;
}

function peer(task: Task, seed: number): Measured {
  const script = join(__dirname, "../peers/sb3_peer.py");
  return JSON.parse(
    execFileSync(python!, [script, JSON.stringify(task), String(seed)], { encoding: "utf8" }),
  ) as Measured;
}

const round = (value: number) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(1));
const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

function line(task: Task, who: string, runs: Run[]): string {
  const means = runs.map(({ mean }) => mean);
  const [low, high] = rl.bootstrapInterval(means);
  const reached = means.filter((mean) => mean >= task.goal).length;
  const cells = [
    ...[task.env, who, String(task.steps), means.map(round).join(", ")],
    ...[`${round(rl.interquartileMean(means))} (${round(low)} to ${round(high)})`],
    ...[`${reached} of ${runs.length} ≥ ${task.goal}`, round(median(runs.map(({ rate }) => rate)))],
  ];
  return `| ${cells.join(" | ")} |`;
}

async function main(): Promise<void> {
  const head = ["task", "learner", "steps", "mean of 100 episodes, each seed"];
  head.push("interquartile mean (95 % interval)", "goal", "steps/s");
  const lines = [`| ${head.join(" | ")} |`, `|${" --- |".repeat(head.length)}`];
  for (const task of tasks) {
    const runs = await runsOf(task, "nablab", (seed) => learn(task, seed));
    const peers = task.algorithm === "ppo" && python !== undefined;
    const theirs = await runsOf(task, "sb3", (seed) => Promise.resolve(peer(task, seed)), peers);
    if (runs.some(({ mean }) => mean < task.goal)) process.exitCode = 1;
    if (runs.length === 0) continue;
    lines.push(line(task, `nablab, ${task.algorithm}${task.note ? `, ${task.note}` : ""}`, runs));
    if (theirs.length > 0) lines.push(line(task, "Stable-Baselines3, the same", theirs));
    for (const chooses of ["random", "nothing"] as const) {
      lines.push(`| ${task.env} | ${chooses} | 0 | ${round(simple(task.env, chooses))} | | | |`);
    }
  }
  const { cpus } = await import("node:os");
  const text = [
    "# What the agents learn",
    `Steps a second are medians over the seeds, measured on ${cpus().length} × ${cpus()[0].model}, which other work shared.`,
    lines.join("\n"),
  ].join("\n\n");
  console.log(text);
  if (process.env.ONLY === undefined) writeFileSync(join(__dirname, "../learning.md"), `${text}\n`);
}

void main();
