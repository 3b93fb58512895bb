import { learningSection, type LearningMeasured } from "./learning-section";
import { limitSection } from "./limits";
import { Timing } from "./measure";
import { Contender } from "./process";
import { Workload } from "./workload";

/** All that a run measured. */
export interface Measured {
  date: string;
  machine: { cpu: string; cores: number; memory: string; gpu: string };
  versions: Record<string, string>;
  workloads: { workload: Workload; timings: Timing[] }[];
  /** The table of kernels.ts. */
  kernels?: string;
  learning?: LearningMeasured;
}

/** Times as fast as the contenders named: the best of them decides. */
export function speedup(timings: Timing[], ours: readonly Contender[], theirs: readonly Contender[]): number {
  const best = (names: readonly Contender[]) =>
    Math.min(...timings.filter(({ contender }) => names.includes(contender)).map(({ median }) => median));
  return best(theirs) / best(ours);
}

const OURS: readonly Contender[] = ["nablab", "nablab-auto"];
const PEERS: readonly Contender[] = ["torch", "keras"];

const digits = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
const ratio = (value: number) => (Number.isFinite(value) ? `${digits(value)}x` : "");

const ours = (timings: Timing[]) =>
  Math.min(...timings.filter(({ contender }) => OURS.includes(contender)).map(({ median }) => median));

const kernelSection = (table: string): string[] => [
  "## What each kernel of nablab gains",
  "",
  "Operations that `lib/src/kernels` replaces, against TensorFlow.js' own in the same process, alternating: number of TensorFlow",
  'ops, then milliseconds of a call, eager and compiled. "new" is what TensorFlow.js cannot do at all, or compile() refuses.',
  "",
  table.trim(),
  "",
];

/** The report as Markdown: a table of ratios against the goals, then every time with its spread. */
export function markdown({ date, machine, versions, workloads, kernels, learning }: Measured): string {
  const ratios = workloads.flatMap(({ workload, timings }) => {
    if (workload.goal === undefined) return [];
    const { tfjs, peer } = workload.goal;
    const [stock, best] = [speedup(timings, OURS, ["tfjs"]), speedup(timings, OURS, PEERS)];
    const mark = (got: number, goal: number) => `${ratio(got)}${got >= goal ? "" : ` (goal ${goal}x)`}`;
    return `| ${workload.title} | ${mark(stock, tfjs)} | ${mark(best, peer)} | ${ratio(speedup(timings, OURS, ["torch.compile"]))} | ${ratio(speedup(timings, OURS, ["jax"]))} |`;
  });
  const scans = workloads
    .filter(({ workload }) => workload.scan)
    .map(
      ({ workload, timings }) =>
        `With \`scan\`, 100 steps in a call, ${workload.title}: ${ratio(speedup(timings, ["nablab-scan"], ["jax-scan"]))} of JAX with \`lax.scan\`.`,
    );
  const times = workloads.flatMap(({ workload, timings }) =>
    timings.map(
      ({ contender, median, min, max, stepsPerRound }) =>
        `| ${workload.id} | ${contender} | ${digits(median)} | ${digits(min)} to ${digits(max)} | ${stepsPerRound} |`,
    ),
  );
  return [
    "# Speed",
    "",
    `Measured on ${date} by \`npm run bench\`: ${machine.cpu}, ${machine.cores} cores, ${machine.memory}; GPU: ${machine.gpu}.`,
    `${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", ")}.`,
    "",
    `Each contender runs in a process of its own, in turn within a round; medians of ${workloads[0]?.timings[0]?.rounds ?? 0} rounds.`,
    'All compute in float32 on all cores. `nablab` is a step through `compile`, `nablab-auto` with `xla: "auto"`; the ratios',
    "take the better of the two, and the better of PyTorch and Keras. Above 1x nablab is faster. In the rows of bfloat16,",
    'nablab runs with `precision: "bfloat16"`, PyTorch with autocast, Keras with `mixed_bfloat16`; TensorFlow.js has float32 only.',
    "",
    "| workload | TensorFlow.js as it comes | best of PyTorch and Keras | torch.compile | JAX jit |",
    "| --- | --- | --- | --- | --- |",
    ...ratios,
    "",
    ...scans,
    "",
    "## Milliseconds a step",
    "",
    "| workload | contender | median | fastest to slowest round | steps a round |",
    "| --- | --- | --- | --- | --- |",
    ...times,
    "",
    ...limitSection(workloads, ours),
    ...(kernels ? kernelSection(kernels) : []),
    ...(learning ? learningSection(learning) : []),
  ].join("\n");
}

/** The report as a chart: a bar for each contender, a row of bars for each workload. */
export function chart({ workloads }: Measured): object {
  const steps = workloads.filter(({ workload }) => workload.task !== "limit");
  const values = steps.flatMap(({ workload, timings }) =>
    timings.map(({ contender, median }) => ({ workload: workload.title, contender, median })),
  );
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    data: { values },
    facet: { row: { field: "workload", title: null, header: { labelAngle: 0, labelAlign: "left" } } },
    resolve: { scale: { x: "independent" } },
    spec: {
      mark: "bar",
      encoding: {
        y: { field: "contender", sort: null, title: null },
        x: { field: "median", type: "quantitative", title: "milliseconds a step" },
      },
    },
  };
}
