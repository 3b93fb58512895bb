/**
 * `npm run bench`: times nablab against TensorFlow.js as it comes, PyTorch, Keras and JAX on the same work, and writes
 * report.md and report.vl.json. `-- --only mlp-8,cnn --contenders tfjs,nablab --rounds 9 --seconds 0.5 --json FILE`.
 * `-- --trace cnn` shows instead where the time of our step goes, op by op, and needs no peers.
 */
import { execFileSync, StdioOptions } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measure } from "./measure";
import { chart, markdown, Measured } from "./report";
import { trace } from "./trace";
import { workloads } from "./workload";

const { values: options } = parseArgs({
  options: {
    python: { type: "string" },
    only: { type: "string" },
    contenders: { type: "string" },
    rounds: { type: "string", default: "7" },
    seconds: { type: "string", default: "0.4" },
    json: { type: "string" },
    trace: { type: "string" },
  },
});

/** Versions of what takes part, as each says itself. */
function versions(python: string): Record<string, string> {
  const program =
    "import json, importlib.metadata as m; " +
    "print(json.dumps({n: m.version(n) for n in ['torch', 'keras', 'tensorflow-cpu', 'jax', 'optax']}))";
  const installed = JSON.parse(execFileSync(python, ["-c", program], { encoding: "utf8" })) as Record<string, string>;
  const manifest = join(__dirname, "../../../node_modules/@tensorflow/tfjs-node-gpu/package.json");
  const tfjs = (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
  return { Node: process.version, "TensorFlow.js": tfjs, ...installed };
}

/** What the kernels of the library gain: a program of its own, because it takes the library's registrations back. */
function kernels(): string {
  process.stderr.write("\rkernels\u001b[K");
  const env = { ...process.env, ROUNDS: options.rounds };
  const stdio: StdioOptions = ["ignore", "pipe", "ignore"];
  return execFileSync(process.execPath, [join(__dirname, "kernels.js")], { encoding: "utf8", env, stdio });
}

async function main(): Promise<void> {
  if (options.trace !== undefined) return console.log(trace(options.trace));
  const python = options.python;
  if (!python) throw new Error("the bench wants --python, the interpreter that has the peers; npm run bench names it");
  const only = options.only?.split(",");
  const rows = workloads().filter(({ id }) => !only || only.includes(id));
  const measured: Measured = {
    date: new Date().toISOString().slice(0, 10),
    machine: {
      cpu: cpus()[0].model,
      cores: cpus().length,
      memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
      gpu: "not measured",
    },
    versions: versions(python),
    workloads: [],
  };
  for (const workload of rows) {
    const timings = await measure(workload, {
      rounds: Number(options.rounds),
      seconds: Number(options.seconds),
      python,
      contenders: options.contenders?.split(","),
      onProgress: (text) => process.stderr.write(`\r${text}\u001b[K`),
    });
    measured.workloads.push({ workload, timings });
  }
  // A part of the bench is for looking, the whole is for keeping.
  const whole = !only && !options.contenders;
  if (whole) measured.kernels = kernels();
  process.stderr.write("\r\u001b[K");
  const report = markdown(measured);
  console.log(report);
  if (whole) {
    writeFileSync(join(__dirname, "../report.md"), report);
    writeFileSync(join(__dirname, "../report.vl.json"), JSON.stringify(chart(measured), null, 2) + "\n");
  }
  if (options.json) writeFileSync(options.json, JSON.stringify(measured, null, 2) + "\n");
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
