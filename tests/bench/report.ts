import { ganSection, type GansMeasured } from "./gan-section";
import { learningSection, type LearningMeasured } from "./learning-section";
import { limitSection } from "./limits";
import { ours, ratio, ratioRow, RATIOS, speedup, timeRows, TIMES, type Row } from "./report-rows";

/** All that a run measured. */
export interface Measured {
  date: string;
  machine: { cpu: string; cores: number; memory: string; gpu: string };
  versions: Record<string, string>;
  workloads: Row[];
  /** The table of kernels.ts. */
  kernels?: string;
  gans?: GansMeasured;
  learning?: LearningMeasured;
}

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
export function markdown({ date, machine, versions, workloads, kernels, gans, learning }: Measured): string {
  const scans = workloads
    .filter(({ workload }) => workload.scan)
    .map(
      ({ workload, timings }) =>
        `With \`scan\`, 100 steps in a call, ${workload.title}: ${ratio(speedup(timings, ["nablab-scan"], ["jax-scan"]))} of JAX with \`lax.scan\`.`,
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
    ...RATIOS,
    ...workloads.filter(({ workload }) => workload.goal).map(ratioRow),
    "",
    ...scans,
    "",
    "## Milliseconds a step",
    "",
    ...TIMES,
    ...workloads.flatMap(timeRows),
    "",
    ...limitSection(workloads, ours),
    ...(kernels ? kernelSection(kernels) : []),
    ...(gans ? ganSection(gans) : []),
    ...(learning ? learningSection(learning) : []),
  ].join("\n");
}

/** The report as a chart: a bar for each contender, a row of bars for each workload. */
export function chart({ workloads, gans }: Measured): object {
  const steps = [...workloads, ...(gans?.rows ?? [])].filter(({ workload }) => workload.task !== "limit");
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
