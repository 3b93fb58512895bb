/**
 * The runs behind lessons 11 and 12: GANs of digits by name, as `DIGIT_GANS` has them, and two of CIFAR-10's photographs, as
 * `PICTURE_GANS` has them. See `runGan` for what is measured.
 *
 * The log goes to `lib/checkpoints/digit-gan/NAME-seed-N.json`, the generator's weights beside it. A run ends cleanly at
 * Ctrl+C, at SIGTERM or when the minutes are over; the same command again goes on, and what is complete is left as it is.
 *
 * Run: npm run build && node lib/dist/checkpoints/train-digit-gans.js corrected --seed 1 --epochs 200 --save averaged
 * `--cpu-seconds 900` in place of epochs: by processor time; `--plan`: all runs of the lessons one after another; `--list`:
 * where each of them is; `--minutes 60`: at most so long.
 */
import { parseArgs } from "node:util";
import { checkNumber, checkOneOf } from "../check";
import { GAN_PLAN, runPlan, stateInWords } from "./gan-plan";
import type { GanRunOptions } from "./gan-run";
import { placeOf, type GanGoal } from "./gan-run-state";

const OPTIONS = {
  data: { type: "string", default: "mnist" },
  seed: { type: "string", default: "1" },
  epochs: { type: "string" },
  "cpu-seconds": { type: "string" },
  save: { type: "string" },
  minutes: { type: "string" },
  plan: { type: "boolean", default: false },
  list: { type: "boolean", default: false },
} as const;

/** Those that end a run cleanly: Ctrl+C's, and that of who ends processes. */
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** @returns the goals that were not reached @throws TypeError, RangeError for what it does not know */
export async function main(args: string[], options: GanRunOptions = {}): Promise<string[]> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
  const where = "train-digit-gans";
  const number = (name: "seed" | "epochs" | "cpu-seconds" | "minutes", min: number) =>
    values[name] === undefined ? undefined : checkNumber(where, name, Number(values[name]), { min });
  const goal: GanGoal = {
    data: values.data as GanGoal["data"],
    name: positionals.join(" "),
    seed: number("seed", 0)!,
    epochs: number("epochs", 1),
    cpuSeconds: number("cpu-seconds", 0),
    save: values.save === undefined ? undefined : checkOneOf(where, "save", values.save, ["own", "averaged"] as never),
  };
  const goals = values.plan || values.list ? GAN_PLAN : [goal];
  for (const one of goals) placeOf(one, options); // refuses what is unknown, before anything is made
  const { tell = console.log } = options;
  if (values.list) {
    for (const one of goals) tell(stateInWords(one, options));
    return [];
  }
  const minutes = number("minutes", 0);
  const over = new AbortController();
  const stop = () => over.abort();
  const timer = minutes === undefined ? undefined : setTimeout(stop, minutes * 60_000);
  for (const signal of SIGNALS) process.once(signal, stop);
  try {
    return await runPlan(goals, { ...options, signal: over.signal });
  } finally {
    clearTimeout(timer);
    for (const signal of SIGNALS) process.removeListener(signal, stop);
  }
}

if (require.main === module) {
  main(process.argv.slice(2)).then(
    (missed) => {
      missed.forEach((line) => console.error(line));
      if (missed.length > 0) process.exitCode = 1;
    },
    (error: Error) => {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
}
