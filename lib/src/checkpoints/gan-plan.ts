import { DIGIT_GANS, EQUAL_TIME } from "../gan";
import { ganRunState, runGan, type GanGoal, type GanRunOptions } from "./gan-run";

const digits = (name: string, seed: number, rest: Partial<GanGoal>): GanGoal => ({
  data: "mnist",
  name,
  seed,
  ...rest,
});
const compared = (name: string, seed: number) => digits(name, seed, { cpuSeconds: EQUAL_TIME });

/** What lesson 12 compares with `corrected`, at equal time and with three seeds. */
const changes = Object.keys(DIGIT_GANS).filter((name) => !["article", "corrected", "float32"].includes(name));

/**
 * All runs that lessons 11 and 12 read, the most important ones first. A run that comes twice goes on from where it was.
 */
export const GAN_PLAN: readonly GanGoal[] = [
  digits("corrected", 1, { epochs: 20, save: "own" }),
  digits("article", 1, { epochs: 20 }),
  ...changes.map((name) => ({
    ...compared(name, 1),
    ...(name === "conditional" ? { save: "averaged" as const } : {}),
  })),
  digits("corrected", 1, { epochs: 50, save: "own" }),
  compared("corrected", 2),
  compared("corrected", 3),
  ...changes.flatMap((name) => [compared(name, 2), compared(name, 3)]),
  compared("float32", 1),
  { data: "cifar10", name: "together", seed: 1, cpuSeconds: 2 * EQUAL_TIME, save: "averaged" },
  { data: "cifar10", name: "corrected", seed: 1, cpuSeconds: 2 * EQUAL_TIME },
  digits("corrected", 1, { epochs: 100, save: "own" }),
  digits("corrected", 1, { epochs: 200, save: "own" }),
];

/**
 * Makes runs one after another, those that are complete left out. One that fails does not keep the others from being made.
 *
 * @returns the goals that were not reached, with the reason
 */
export async function runPlan(plan: readonly GanGoal[], options: GanRunOptions = {}): Promise<string[]> {
  const { tell = console.log } = options;
  const missed: string[] = [];
  for (const goal of plan) {
    if (options.signal?.aborted) return [...missed, "stopped"];
    try {
      if (ganRunState(goal, options) !== "complete") await runGan(goal, options);
    } catch (error) {
      missed.push(`${inWords(goal)}: ${(error as Error).message}`);
      tell(missed[missed.length - 1]);
    }
  }
  return options.signal?.aborted ? [...missed, "stopped"] : missed;
}

/** `mnist hinge 2, 900 s of processor time`. */
export const inWords = ({ data, name, seed, epochs, cpuSeconds }: GanGoal): string =>
  `${data} ${name} ${seed}, ${cpuSeconds ? `${cpuSeconds} s of processor time` : `${epochs ?? 200} epochs`}`;
