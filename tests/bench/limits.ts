import { flops } from "./flops";
import type { Timing } from "./measure";
import type { Row } from "./report-rows";
import type { Workload } from "./workload";

/** Operations in a second, in units of 10^9, at so many milliseconds a step. */
export const gigaflops = (workload: Workload, milliseconds: number): number => flops(workload) / milliseconds / 1e6;

/** The best rate that anybody reached in matrix products and convolutions of a precision, or undefined. */
export function limit(rows: readonly Row[], precision: Workload["precision"]): number | undefined {
  const rates = rows
    .filter(
      ({ workload: { task, precision: its } }) => task === "limit" && (its ?? "float32") === (precision ?? "float32"),
    )
    .flatMap(({ workload, timings }) => timings.map(({ median }) => gigaflops(workload, median)));
  return rates.length > 0 ? Math.max(...rates) : undefined;
}

/**
 * The machine's own limit and how near a step of ours comes to it, as Markdown: the rest is memory traffic, element-wise
 * work and calls.
 */
export function limitSection(rows: readonly Row[], ours: (timings: Timing[]) => number): string[] {
  const limits = rows.filter(({ workload }) => workload.task === "limit");
  if (limits.length === 0) return [];
  const best = limits.map(({ workload, timings }) => {
    const quickest = timings.reduce((a, b) => (b.median < a.median ? b : a));
    return `| ${workload.title} | ${gigaflops(workload, quickest.median).toFixed(0)} | ${quickest.contender} |`;
  });
  const shares = rows
    .filter(({ workload, timings }) => workload.task !== "limit" && Number.isFinite(ours(timings)))
    .map(({ workload, timings }) => {
      const [rate, most] = [gigaflops(workload, ours(timings)), limit(rows, workload.precision)];
      const share = most === undefined ? "" : `${((100 * rate) / most).toFixed(rate < most / 10 ? 1 : 0)}%`;
      return `| ${workload.title} | ${(flops(workload) / 1e9).toPrecision(3)} | ${rate.toPrecision(3)} | ${share} |`;
    });
  return [
    "## The machine's own limit",
    "",
    "The best rate measured in the same run, whoever reached it:",
    "",
    "| work | GFLOP/s | by |",
    "| --- | ---: | --- |",
    ...best,
    "",
    "What a step of nablab reaches of the higher of the two rates in its precision. Counted are the products and sums that the",
    "mathematics of layers and gradients needs; small steps are bound by calls and memory, not by arithmetic.",
    "",
    "| workload | GFLOP a step | GFLOP/s | share of the limit |",
    "| --- | ---: | ---: | ---: |",
    ...shares,
    "",
  ];
}
