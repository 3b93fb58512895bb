/** Rows of the report's tables. */
import type { Timing } from "./measure";
import type { Contender } from "./process";
import type { Workload } from "./workload";

/** A workload, and what each contender took for it. */
export interface Row {
  workload: Workload;
  timings: Timing[];
}

const OURS: readonly Contender[] = ["nablab", "nablab-auto"];
const PEERS: readonly Contender[] = ["torch", "keras"];

/** Milliseconds of our step: the better way of the two. */
export const ours = (timings: Timing[]): number => best(timings, OURS);

const best = (timings: Timing[], names: readonly Contender[]) =>
  Math.min(...timings.filter(({ contender }) => names.includes(contender)).map(({ median }) => median));

/** Times as fast as the contenders named: the best of them decides. */
export function speedup(timings: Timing[], one: readonly Contender[], theirs: readonly Contender[]): number {
  return best(timings, theirs) / best(timings, one);
}

const digits = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
export const ratio = (value: number): string => (Number.isFinite(value) ? `${digits(value)}x` : "");

export const RATIOS = [
  "| workload | TensorFlow.js as it comes | best of PyTorch and Keras | torch.compile | JAX jit |",
  "| --- | --- | --- | --- | --- |",
];

/** How many times as fast nablab is, against the goals. */
export function ratioRow({ workload: { title, goal }, timings }: Row): string {
  const mark = (got: number, wanted = 0) => `${ratio(got)}${got >= wanted ? "" : ` (goal ${wanted}x)`}`;
  const against = (...theirs: Contender[]) => speedup(timings, OURS, theirs);
  const [stock, peers] = [mark(against("tfjs"), goal?.tfjs), mark(against(...PEERS), goal?.peer)];
  return `| ${title} | ${stock} | ${peers} | ${ratio(against("torch.compile"))} | ${ratio(against("jax"))} |`;
}

export const TIMES = [
  "| workload | contender | median | fastest to slowest round | steps a round |",
  "| --- | --- | --- | --- | --- |",
];

/** Milliseconds a step of each contender. */
export const timeRows = ({ workload, timings }: Row): string[] =>
  timings.map(
    ({ contender, median, min, max, stepsPerRound }) =>
      `| ${workload.id} | ${contender} | ${digits(median)} | ${digits(min)} to ${digits(max)} | ${stepsPerRound} |`,
  );
