import { DIGIT_GANS, EQUAL_TIME } from "../gan";
import { ganRunState, runGan, type GanGoal, type GanRunOptions } from "./gan-run";

const digits = (name: string, seed: number, rest: Partial<GanGoal>): GanGoal => ({
  data: "mnist",
  name,
  seed,
  ...rest,
});
const compared = (name: string, seed: number) => digits(name, seed, { cpuSeconds: EQUAL_TIME });

/** What lesson 12 compares with `narrow`, at equal time. */
const changes = Object.keys(DIGIT_GANS).filter(
  (name) => !["article", "rescaled", "corrected", "narrow", "together"].includes(name),
);

/**
 * All runs that lessons 11 and 12 read, the most important ones first. A run that comes twice goes on from where it was.
 */
export const GAN_PLAN: readonly GanGoal[] = [
  compared("narrow", 1),
  { ...compared("together", 1), save: "averaged" },
  ...changes.map((name) => ({
    ...compared(name, 1),
    ...(name === "conditional" ? { save: "averaged" as const } : {}),
  })),
  digits("corrected", 1, { epochs: 3, save: "own" }),
  digits("article", 1, { epochs: 1 }),
  ...[2, 3].flatMap((seed) => [compared("narrow", seed), compared("together", seed)]),
  ...[2, 3].flatMap((seed) => changes.map((name) => compared(name, seed))),
  { data: "cifar10", name: "together", seed: 1, cpuSeconds: 4 * EQUAL_TIME, save: "averaged" },
  { data: "cifar10", name: "narrow", seed: 1, cpuSeconds: 4 * EQUAL_TIME },
  digits("rescaled", 1, { epochs: 1 }),
  ...[20, 50, 100, 200].map((epochs) => digits("corrected", 1, { epochs, save: "own" })),
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
