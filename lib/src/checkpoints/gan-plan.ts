import { COMPARED, DIGIT_GANS, EQUAL_TIME, LONG_TIME, type DigitGanName } from "../gan";
import { runGan, type GanRunOptions } from "./gan-run";
import { ganRunState, type GanGoal } from "./gan-run-state";

const digits = (name: string, seed: number, rest: Partial<GanGoal>): GanGoal => ({
  data: "mnist",
  name,
  seed,
  ...rest,
});
const pictures = (name: string): GanGoal => ({
  ...{ data: "cifar10", name, seed: 1 },
  ...{ cpuSeconds: LONG_TIME / 2, save: name === "together" ? "averaged" : undefined },
});
const averaged = (seed: number) => (seed === 1 ? ({ save: "averaged" } as const) : {}); // what comes with the library
const equal = (name: DigitGanName, seed: number) =>
  digits(name, seed, { cpuSeconds: EQUAL_TIME, ...(DIGIT_GANS[name].conditional ? averaged(seed) : {}) });
const long = (seed: number) => digits("long", seed, { cpuSeconds: LONG_TIME, ...averaged(seed) });

/**
 * All runs that lessons 11 and 12 read, the most important ones first. A run that comes twice goes on from where it was.
 */
export const GAN_PLAN: readonly GanGoal[] = [
  ...COMPARED.map((name) => equal(name, 1)),
  long(1),
  digits("corrected", 1, { epochs: 1, save: "averaged" }),
  digits("article", 1, { epochs: 1 }),
  pictures("together"),
  pictures("narrow"),
  ...[2, 3].flatMap((seed) => COMPARED.map((name) => equal(name, seed))),
  ...[2, 3].map(long),
  digits("rescaled", 1, { epochs: 1 }),
  ...[3, 20, 50, 100, 200].map((epochs) => digits("corrected", 1, { epochs, save: "averaged" })),
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

/** Where a run of the plan is, or why that can't be said. */
export function stateInWords(goal: GanGoal, options: GanRunOptions = {}): string {
  try {
    return `${inWords(goal)}: ${ganRunState(goal, options)}`;
  } catch (error) {
    return `${inWords(goal)}: ${(error as Error).message}`;
  }
}

/** `mnist hinge 2, 900 s of processor time`. */
export const inWords = ({ data, name, seed, epochs, cpuSeconds }: GanGoal): string =>
  `${data} ${name} ${seed}, ${cpuSeconds ? `${cpuSeconds} s of processor time` : `${epochs ?? 200} epochs`}`;
