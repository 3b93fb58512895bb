/** What the report says about the speed of learning: a section of its own, which can be measured without the rest. */
import { summary } from "./summary";

/** Steps a second from the first to the last, compiling included: by the clock, and of the processor's time. */
export interface Rates {
  rate: number;
  cpuRate: number;
}

export type Round = Record<"nablab" | "sb3", Rates>;

/** What the rounds of a task gave. */
export interface LearningSpeed {
  id: string;
  steps: number;
  rounds: Round[];
}

/** All of them, and where they were measured. */
export interface LearningMeasured {
  date: string;
  machine: string;
  versions: Record<string, string>;
  /** Of the machine at the end: 1 is the bench alone. */
  load: number;
  speeds: LearningSpeed[];
}

/** The tasks of learning.json whose speed is measured, and how many times as fast as Stable-Baselines3 they should be. */
export const SPEED_GOALS: Record<string, number> = { "cartpole-ppo": 3, "pendulum-ppo": 3 };

/** The median with the lowest and the highest. */
function spread(values: number[], text: (value: number) => string): string {
  const { median, min, max } = summary(values);
  return `${text(median)} (${text(min)} to ${text(max)})`;
}

const count = (value: number) => Math.round(value).toLocaleString("en");

function row({ id, steps, rounds }: LearningSpeed, by: keyof Rates): string {
  const ofRounds = (read: (round: Round) => number, text: (value: number) => string) => spread(rounds.map(read), text);
  const rates = (who: keyof Round) => ofRounds((round) => round[who][by], count);
  const times = ofRounds(
    ({ nablab, sb3 }) => nablab[by] / sb3[by],
    (value) => value.toFixed(2),
  );
  const time = { rate: "clock", cpuRate: "processor" }[by];
  return `| ${[id, count(steps), time, rates("nablab"), rates("sb3"), times, SPEED_GOALS[id]].join(" | ")} |`;
}

/** The section as lines of Markdown. */
export function learningSection({ date, machine, versions, load, speeds }: LearningMeasured): string[] {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    "## How fast PPO learns",
    "",
    `Measured on ${date}: ${machine}. ${named.join(", ")}. The machine's load was ${load.toFixed(1)} at the end, where 1 is`,
    "the bench alone.",
    "",
    "Steps a second from the first step of a run to its last, by the settings of learning.json: acting, environment and",
    "updates, compiling included. Each run has a process of its own, with one thread for tensors; nablab and Stable-Baselines3",
    `take turns. Medians of ${speeds[0]?.rounds.length ?? 0} rounds with the lowest and the highest, each round with a seed of its own; the ratio is that`,
    "within a round. Time is that of the clock, which other work on the machine changes, or the processor's, of all threads.",
    "",
    "| task | steps | time | nablab, steps/s | Stable-Baselines3, steps/s | times faster | goal |",
    "| --- | ---: | --- | ---: | ---: | ---: | ---: |",
    ...speeds.flatMap((speed) => [row(speed, "rate"), row(speed, "cpuRate")]),
    "",
  ];
}
