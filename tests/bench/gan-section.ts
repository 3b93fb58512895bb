/** What the report says about GANs: a section of its own, which can be measured without the rest. */
import { flops } from "./flops";
import { gigaflops } from "./limits";
import { ours, ratioRow, RATIOS, timeRows, TIMES, type Row } from "./report-rows";

/** The workloads of GANs, and where they were measured. */
export interface GansMeasured {
  date: string;
  machine: string;
  versions: Record<string, string>;
  /** Of the machine at the end: one a core is the bench alone. */
  load: number;
  rows: Row[];
}

/** The section as lines of Markdown. */
export function ganSection({ date, machine, versions, load, rows }: GansMeasured): string[] {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const rates = rows.map(({ workload, timings }) => {
    const rate = gigaflops(workload, ours(timings));
    return `| ${workload.title} | ${(flops(workload) / 1e9).toPrecision(3)} | ${rate.toPrecision(3)} |`;
  });
  return [
    "## Both steps of a GAN",
    "",
    `Measured on ${date}: ${machine}. ${named.join(", ")}. The machine's load was ${load.toFixed(1)} at the end, where one a core is`,
    `the bench alone. Medians of ${rows[0]?.timings[0]?.rounds ?? 0} rounds, as above. The two steps draw noise of their own, and each computes the gradients`,
    "of its own network alone.",
    "",
    ...RATIOS,
    ...rows.map(ratioRow),
    "",
    ...TIMES,
    ...rows.flatMap(timeRows),
    "",
    "| workload | GFLOP for both steps | GFLOP/s of nablab |",
    "| --- | ---: | ---: |",
    ...rates,
    "",
  ];
}
