/**
 * One contender of the bench in a process of its own: `node contender.js <name> <workload>`. Reads how many steps to run,
 * a line a round, and answers with `{"seconds": …, "steps": …}`. Between rounds it waits and computes nothing.
 */
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import util from "node:util";
import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { makeTask } from "./task";
import { workloads } from "./workload";

/** Each contender loads only what it is: nablab would change TensorFlow.js as it comes. */
const load = createRequire(__filename);

/** Runs so many steps and reads the last result. @returns how many steps it really made */
type Runner = (steps: number) => number;

/** Steps in a call of `scan`. */
const SCAN = 100;

function plain(step: () => tfjs.Tensor): Runner {
  return (steps) => {
    for (let i = 1; i < steps; i++) step().dispose();
    const last = step();
    last.dataSync();
    last.dispose();
    return steps;
  };
}

function prepare(name: string, id: string): Runner {
  const workload = workloads().find((row) => row.id === id);
  if (!workload) throw new RangeError(`no workload "${id}"`);
  if (name === "tfjs") {
    // As it comes, but for the two functions that Node 23 took away and it still calls.
    const old = util as unknown as Record<string, unknown>;
    old.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
    old.isArray ??= Array.isArray;
    const tf = load("@tensorflow/tfjs-node-gpu") as typeof tfjs;
    const { step, inputs } = makeTask(tf, workload);
    return plain(() => step(...inputs));
  }
  const { tf, compile } = load("nablab") as typeof import("nablab");
  const { step, inputs } = makeTask(tf, workload);
  if (name === "nablab-eager") return plain(() => step(...inputs));
  const compiled = compile(step, {
    xla: name === "nablab" ? false : "auto",
    precision: workload.precision,
  });
  if (name !== "nablab-scan") return plain(() => compiled(...inputs));
  const stacked = inputs.map((input) => tf.tidy(() => tf.stack(Array.from({ length: SCAN }, () => input))));
  return (steps) => {
    const calls = Math.ceil(steps / SCAN);
    for (let i = 0; i < calls; i++) {
      const losses = compiled.scan(...stacked);
      if (i === calls - 1) losses.dataSync();
      losses.dispose();
    }
    return calls * SCAN;
  };
}

const [, , name, id] = process.argv;
const run = prepare(name, id);
createInterface({ input: process.stdin }).on("line", (line) => {
  const began = process.hrtime.bigint();
  const steps = run(Number(line));
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  process.stdout.write(JSON.stringify({ seconds, steps }) + "\n");
});
