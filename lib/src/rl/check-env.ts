import { checkInteger, checkOptions } from "../check";
import { generator, type RandomGenerator } from "../random";
import { BaseEnv } from "./base-env";
import type { Env, SavedEnv } from "./env";
import { describeMember, describeSpace, type Member, type Space } from "./spaces";
import { unwrap } from "./wrapper";

export interface CheckEnvOptions {
  /** Steps of random actions to watch, from 1 up; episodes follow one another. @default 500 */
  steps?: number;
}

/**
 * Tries an environment, as Gymnasium's `check_env` does, before hours of training depend on it: its spaces, its episodes
 * with the same seed, its answers to wrong actions and to steps after the end, saving and loading, and its pictures.
 *
 * @example rl.checkEnv(new Walk()); // says nothing where all is well
 * @throws Error that says what was found first, and what to do about it
 */
export function checkEnv(env: Env, options: CheckEnvOptions = {}): void {
  checkOptions("checkEnv()", options, ["steps"]);
  const { steps = 500 } = options;
  checkInteger("checkEnv()", "steps", steps, { min: 1 });
  hasSpaces(env);
  const first = watch(env, steps);
  const second = watch(env, steps);
  const differs = first.findIndex((line, i) => line !== second[i]);
  if (differs >= 0) {
    fails(env, `two episodes with the same seed differ at step ${differs}`, {
      remedy:
        "take all randomness from the generator that begin() and this.random give, and set all of the state in begin().",
    });
  }
  refusesWrongActions(env);
  goesOnWhereSaved(env, steps);
  draws(env);
}

interface Advice {
  remedy: string;
}

function fails(env: Env, what: string, { remedy }: Advice): never {
  throw new Error(`checkEnv() found that ${what} (${env.name}). Remedy: ${remedy}`);
}

/** Random steps from seed 0, every one looked at, as lines that can be compared. */
function watch(env: Env, steps: number): string[] {
  const random = generator(0);
  const lines = [look(env, "reset()", env.reset({ seed: 0 }).observation)];
  for (let i = 0; i < steps; i++) {
    lines.push(randomStep(env, random));
    if (!env.terminated && !env.truncated) continue;
    const before = env.terminated ? "terminated" : "truncated";
    if (!throws(() => env.step(env.actionSpace.sample(random)))) {
      fails(env, "it takes steps after the end of an episode", { remedy: "throw an Error until reset() was called." });
    }
    lines.push(before, look(env, "reset()", env.reset().observation));
    if (env.terminated || env.truncated) {
      fails(env, `it is ${before} right after reset()`, {
        remedy: "set terminated and truncated to false in resetInto().",
      });
    }
  }
  return lines;
}

function randomStep(env: Env, random: RandomGenerator): string {
  const { observation, reward, terminated, truncated } = env.step(env.actionSpace.sample(random));
  if (typeof reward !== "number" || !Number.isFinite(reward)) {
    fails(env, `step() gave the reward ${describeMember(reward)}`, { remedy: "give a finite number at every step." });
  }
  if (typeof terminated !== "boolean" || typeof truncated !== "boolean") {
    fails(env, "terminated or truncated is no boolean", { remedy: "compare, as in this.terminated = x > 5." });
  }
  return `${look(env, "step()", observation)} ${reward} ${terminated} ${truncated}`;
}

function look(env: Env, where: string, observation: Member<Space>): string {
  const { observationSpace: space } = env;
  if (!space.contains(observation)) {
    const values = typeof observation === "number" ? observation : `[${Array.from(observation).join(", ")}]`;
    fails(env, `${where} gave an observation outside its ${describeSpace(space)}: ${values}`, {
      remedy: "widen observationSpace to all that can be seen, or write what belongs to it in observe().",
    });
  }
  return String(observation);
}

function throws(act: () => unknown): boolean {
  try {
    act();
    return false;
  } catch {
    return true;
  }
}

function hasSpaces(env: Env): void {
  for (const space of [env.actionSpace, env.observationSpace]) {
    if (space?.kind === "discrete" || space?.kind === "box") continue;
    fails(env, `a space is ${describeMember(space)}`, { remedy: "make both with discrete(n) or box(low, high)." });
  }
}

function refusesWrongActions(env: Env): void {
  env.reset({ seed: 0 });
  const { actionSpace: space } = env;
  const wrong = space.kind === "discrete" ? [space.n, -1, NaN] : [new Float32Array(space.size).fill(NaN), [], 0];
  for (const action of wrong) {
    if (throws(() => env.step(action))) continue;
    fails(env, `step() takes the action ${describeMember(action)}`, {
      remedy: `refuse what is outside ${describeSpace(space)}, before it spoils the state; BaseEnv does.`,
    });
  }
}

function goesOnWhereSaved(env: Env, steps: number): void {
  env.reset({ seed: 1 });
  const random = generator(1);
  const some = Math.min(steps, 5);
  const play = (from: RandomGenerator) => {
    const lines = [];
    for (let i = 0; i < some; i++) {
      if (env.terminated || env.truncated) env.reset();
      lines.push(randomStep(env, from));
    }
    return lines.join();
  };
  play(random);
  const [saved, at] = [JSON.stringify(env.save()), random.state()];
  const expected = play(random);
  env.load(JSON.parse(saved) as SavedEnv);
  if (play(random.restore(at)) === expected) return;
  fails(env, "it goes on to other numbers after load(save())", {
    remedy: "keep all that changes in `state`, or add it in save() and load().",
  });
}

/** Without a picture all is well too; with one, it has the same shapes at every step. */
function draws(env: Env): void {
  const inner = unwrap(env);
  if (inner instanceof BaseEnv && inner.draw === BaseEnv.prototype.draw) return;
  const random = generator(2);
  env.reset({ seed: 2 });
  const shapes = () =>
    env
      .draw()
      .shapes.map(({ tag }) => tag)
      .join(" ");
  const before = shapes();
  for (let i = 0; i < 5 && !env.terminated && !env.truncated; i++) env.step(env.actionSpace.sample(random));
  if (/NaN|undefined|Infinity/.test(env.render())) {
    fails(env, "its picture has a number that is none", { remedy: "look for a division by zero in draw()." });
  }
  if (shapes() === before) return;
  fails(env, "its picture has other shapes after some steps", {
    remedy: "draw the same shapes in the same order, and hide one by opacity 0: animations move them.",
  });
}
