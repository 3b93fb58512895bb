import { createRequire } from "node:module";
import { makeTask } from "./task";
import { workloads } from "./workload";

/** Only where it is asked for: the bench itself must not hold a TensorFlow of its own beside the contenders. */
const load = createRequire(__filename);

/** Steps that are timed without clocks at the ops. */
const STEPS = 20;
/** Ops to list, slowest first. */
const LISTED = 25;

type OpTime = ReturnType<ReturnType<typeof import("nablab").compile>["opTimes"]>[number];

/** Where the time of a workload's compiled step goes, by kind of op and op by op, as Markdown. */
export function trace(id: string): string {
  const workload = workloads().find((row) => row.id === id);
  if (!workload)
    throw new RangeError(
      `no workload "${id}"; there are ${workloads()
        .map((row) => row.id)
        .join(", ")}`,
    );
  const { tf, compile } = load("nablab") as typeof import("nablab");
  const { step, inputs } = makeTask(tf, workload);
  const compiled = compile(step, { precision: workload.precision });
  for (let i = 0; i < 5; i++) compiled(...inputs).dispose();
  const began = process.hrtime.bigint();
  for (let i = 0; i < STEPS; i++) {
    const result = compiled(...inputs);
    if (i === STEPS - 1) result.dataSync();
    result.dispose();
  }
  const milliseconds = Number(process.hrtime.bigint() - began) / 1e6 / STEPS;
  const times = compiled.opTimes(...inputs);
  compiled.dispose();
  return [`# ${workload.title}`, "", ...tables(times, milliseconds)].join("\n");
}

/** The tables of the times of ops. @param step milliseconds of the step without a clock at every op */
export function tables(times: readonly OpTime[], step: number): string[] {
  const sum = times.reduce((total, { ms }) => total + ms, 0);
  const share = (ms: number) => `${((100 * ms) / sum).toFixed(1)}%`;
  const kinds = new Map<string, { ms: number; count: number }>();
  for (const { op, ms } of times) {
    const { ms: before, count } = kinds.get(op) ?? { ms: 0, count: 0 };
    kinds.set(op, { ms: before + ms, count: count + 1 });
  }
  const sorted = [...kinds].sort(([, a], [, b]) => b.ms - a.ms);
  return [
    `A step takes ${step.toPrecision(3)} ms. Its ${times.length} ops add up to ${sum.toPrecision(3)} ms, with a clock at each and without XLA;`,
    "ops that run side by side may add up to more than the step, and what is missing is between them.",
    "",
    "| op | number | ms | share |",
    "| --- | ---: | ---: | ---: |",
    ...sorted.map(([op, { ms, count }]) => `| ${op} | ${count} | ${ms.toFixed(3)} | ${share(ms)} |`),
    "",
    "| node | op | ms | share | line |",
    "| --- | --- | ---: | ---: | --- |",
    ...times
      .slice(0, LISTED)
      .map(({ node, op, ms, line }) => `| ${node} | ${op} | ${ms.toFixed(3)} | ${share(ms)} | ${line ?? ""} |`),
  ];
}
