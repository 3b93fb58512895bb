/**
 * What the agents of lib/src/rl learn, as a Markdown table: for each task of learning.json five seeds, each judged by
 * episodes that it never saw (100, where the task says no other number), beside random play, doing nothing and the best
 * rule written by hand. With --python also Stable-Baselines3 with the same settings and number of steps.
 *
 *   node node_modules/typescript/bin/tsc --build tests/bench && node tests/bench/dist/learning.js [--python PYTHON]
 *
 * Every run is put down in learning.runs.jsonl at once and not made again, so that it can be interrupted. Delete the file to
 * begin anew. ONLY=cartpole,hopper picks tasks by name, SEEDS=0,1 picks seeds, LIMIT says how many runs to make this time;
 * with LIMIT=0 the table is written of the runs that are there. The exit code is 1 where a seed misses its goal.
 */
import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rl } from "nablab";
import { learningTasks, type Task } from "./learning-task";

/** What a run of one seed gave. */
interface Run {
  task: string;
  who: "nablab" | "sb3" | "random" | "nothing" | "rule";
  seed: number;
  mean: number;
  /** That the mean is of; 100 where it doesn't say. */
  episodes?: number;
  /** Steps a second from the first step to the last, evaluation apart: for a look, since other work may share the machine. */
  rate?: number;
}

type Measured = Pick<Run, "mean" | "rate">;

const seeds = (process.env.SEEDS ?? "0,1,2,3,4").split(",").map(Number);
const only = process.env.ONLY?.split(",");
const python = process.argv[2] === "--python" ? process.argv[3] : undefined;
/** Of the episodes that judge: the same, whoever plays. */
const judging = 10_000;

const file = join(__dirname, "../learning.runs.jsonl");
const done: Run[] = existsSync(file)
  ? readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .map((text) => JSON.parse(text) as Run)
  : [];
let limit = Number(process.env.LIMIT ?? Infinity);

/** The runs that were judged as the task now wants it. */
const runsOf = (task: Task, who: Run["who"]) =>
  done
    .filter((run) => run.task === task.id && run.who === who && (run.episodes ?? 100) === task.episodes)
    .sort((a, b) => a.seed - b.seed);

/** Makes a run, unless it was made before or enough were made. */
async function once(task: Task, who: Run["who"], seed: number, make: () => Promise<Measured>): Promise<void> {
  const has = runsOf(task, who).some((run) => run.seed === seed);
  if (has || limit-- <= 0) return;
  const run = { task: task.id, who, seed, ...(await make()), episodes: task.episodes };
  done.push(run);
  appendFileSync(file, `${JSON.stringify(run)}\n`);
  process.stderr.write(`${JSON.stringify(run)}\n`);
}

async function learn({ settings, episodes }: Task, seed: number): Promise<Measured> {
  const agent = rl.learner(settings, { seed });
  const { rows } = await agent.learn({ steps: settings.steps, progress: false });
  const bare = rl.vectorEnv(settings.env, { count: 10 });
  const envs = "judging" in agent.envs ? (agent.envs as rl.NormalizedVectorEnv).judging(bare) : bare;
  const { mean } = rl.evaluateAgent(agent.policy, envs, { episodes, seed: judging });
  agent.dispose();
  agent.envs.close();
  bare.close();
  return { mean, rate: agent.steps / rows[rows.length - 1].seconds };
}

function peer({ settings, episodes }: Task, seed: number): Promise<Measured> {
  const script = join(__dirname, "../peers/sb3_peer.py");
  const args = [script, JSON.stringify(settings), String(seed), String(episodes)];
  const said = execFileSync(python!, args, { encoding: "utf8" });
  const { mean, rate } = JSON.parse(said) as Measured;
  return Promise.resolve({ mean, rate });
}

/** What does nothing, where actions are choices: for the cart to the left, for there is no nothing. */
const nothing: Record<string, number> = { "CartPole-v1": 0, "MountainCar-v0": 1, "Acrobot-v1": 1 };

const bestRule = (env: string) =>
  rl.controllersOf(env)[rl.controllersOf(env).length - 1] as rl.ControllerRule | undefined;

/** A controller that is made anew for each episode. */
function simple({ settings: { env }, episodes }: Task, who: Run["who"]): Promise<Measured> {
  const played = rl.make(env);
  const random = rl.randomController(played, 1);
  const create = {
    random: () => random,
    nothing: () => (env in nothing ? () => nothing[env] : rl.idleController(played)),
    rule: () => bestRule(env)!.create(),
  }[who as "random"];
  let sum = 0;
  for (let i = 0; i < episodes; i++) sum += rl.playEpisode(played, create(), { seed: judging + i }).return;
  played.close();
  return Promise.resolve({ mean: sum / episodes });
}

const round = (value: number) => value.toFixed(Math.abs(value) >= 100 ? 0 : 1).replace(/^-(0\.0)$/, "$1");

function line(task: Task, who: string, runs: Run[]): string {
  const means = runs.map(({ mean }) => mean);
  const [low, high] = rl.bootstrapInterval(means);
  const reached = means.filter((mean) => mean >= task.goal).length;
  const cells = [
    ...[task.settings.env, who, task.settings.steps.toLocaleString("en"), means.map(round).join(", ")],
    ...[`${round(rl.interquartileMean(means))} (${round(low)} to ${round(high)})`],
    `${reached} of ${runs.length} ≥ ${task.goal}`,
  ];
  return `| ${cells.join(" | ")} |`;
}

/** The lines of a task: learners, then what needs no learning. */
function linesOf(task: Task): string[] {
  const of = (who: Run["who"]) => runsOf(task, who);
  const { settings } = task;
  const [runs, theirs] = [of("nablab"), of("sb3")];
  if (runs.length === 0) return [];
  if (!task.failure && runs.some(({ mean }) => mean < task.goal)) process.exitCode = 1;
  const names = { random: "random", nothing: "nothing", rule: `rule: ${bestRule(settings.env)?.name}` };
  const simples = Object.entries(names).flatMap(([who, name]) =>
    of(who as Run["who"]).map(({ mean }) => `| ${settings.env} | ${name} | 0 | ${round(mean)} | | |`),
  );
  return [
    line(task, `nablab, ${settings.algorithm}; ${settings.note}`, runs),
    ...(theirs.length > 0 ? [line(task, "Stable-Baselines3, the same", theirs)] : []),
    ...simples,
  ];
}

/** The tasks that are not judged by 100 episodes, as the page says it. */
function others(tasks: Task[]): string {
  const named = tasks.filter(({ episodes }) => episodes !== 100);
  return named.map(({ settings, episodes }) => ` (${settings.env} by ${episodes.toLocaleString("en")})`).join("");
}

async function main(): Promise<void> {
  await rl.loadMujoco();
  const tasks = learningTasks();
  for (const task of tasks.filter(({ id }) => !only || only.some((name) => id.includes(name)))) {
    for (const seed of seeds) await once(task, "nablab", seed, () => learn(task, seed));
    for (const who of ["random", "nothing", "rule"] as const) {
      if (who !== "rule" || bestRule(task.settings.env)) await once(task, who, 0, () => simple(task, who));
    }
    if (python === undefined || task.settings.algorithm !== "ppo") continue;
    for (const seed of seeds) await once(task, "sb3", seed, () => peer(task, seed));
  }
  const head = ["task", "who", "steps", "mean return, each seed"];
  head.push("interquartile mean (95 % interval)", "goal");
  const text = [
    "# What the agents learn",
    `Each seed from 0 on learns by itself and is judged by 100 episodes from seed 10,000 on${others(tasks)}, with its most ` +
      "likely actions; fewer numbers, fewer seeds run. Stable-Baselines3 is judged by as many episodes that start elsewhere. " +
      "On Pendulum, where episodes differ by some 90 points, that alone moves all of a learner's means together by about 3. " +
      "How fast it goes stands in report.md.",
    [`| ${head.join(" | ")} |`, `|${" --- |".repeat(head.length)}`, ...tasks.flatMap(linesOf)].join("\n"),
  ].join("\n\n");
  console.log(text);
  writeFileSync(join(__dirname, "../learning.md"), `${text}\n`);
}

void main();
