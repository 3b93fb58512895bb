/**
 * `npm run bench`: times nablab against TensorFlow.js as it comes, PyTorch, Keras and JAX on the same work, and PPO against
 * Stable-Baselines3, and writes report.md and report.vl.json. `-- --only mlp-8,cnn --contenders tfjs,nablab --rounds 9
 * --seconds 0.5 --json FILE`; a part of it is printed and not kept, but for `-- --only dcgan,digit-gan` and
 * `-- --only cartpole-ppo,pendulum-ppo`, which renew their sections of report.md. `-- --trace cnn` shows instead where the
 * time of our step goes, op by op, and needs no peers.
 */
import { execFileSync, StdioOptions } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ganSection } from "./gan-section";
import { learningSection, SPEED_GOALS, type LearningMeasured, type LearningSpeed } from "./learning-section";
import { measure } from "./measure";
import { chart, markdown, Measured } from "./report";
import type { Row } from "./report-rows";
import { withSection } from "./section";
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

/** Versions of the peers named, as each says itself. */
function versions(python: string, names: string[]): Record<string, string> {
  const program =
    "import json, sys, importlib.metadata as m; print(json.dumps({n: m.version(n) for n in sys.argv[1].split()}))";
  const said = execFileSync(python, ["-c", program, names.join(" ")], { encoding: "utf8" });
  return { Node: process.version, ...(JSON.parse(said) as Record<string, string>) };
}

const tfjsVersion = () => {
  const manifest = join(__dirname, "../../../node_modules/@tensorflow/tfjs-node-gpu/package.json");
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
};

const today = () => new Date().toISOString().slice(0, 10);
const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
const machineInWords = `${cpus()[0].model}, ${cpus().length} cores, ${memory}`;

/** How fast PPO learns: a program of its own, since the library's settings come with a TensorFlow. */
function learning(python: string, tasks: string[]): LearningMeasured {
  const args = ["--python", python, "--tasks", tasks.join(), "--rounds", options.rounds];
  const stdio: StdioOptions = ["ignore", "pipe", "inherit"];
  const said = execFileSync(process.execPath, [join(__dirname, "learning-speed.js"), ...args], {
    encoding: "utf8",
    stdio,
  });
  return {
    date: today(),
    machine: machineInWords,
    versions: versions(python, ["torch", "stable-baselines3", "gymnasium"]),
    load: loadavg()[0],
    speeds: JSON.parse(said) as LearningSpeed[],
  };
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
  const ids = [...workloads().map(({ id }) => id), ...Object.keys(SPEED_GOALS)];
  const unknown = only?.filter((id) => !ids.includes(id)) ?? [];
  if (unknown.length) throw new Error(`--only wants some of ${ids.join(", ")}, got ${unknown.join(", ")}`);
  const measured: Measured = {
    date: today(),
    machine: { cpu: cpus()[0].model, cores: cpus().length, memory, gpu: "not measured" },
    versions: {
      "TensorFlow.js": tfjsVersion(),
      ...versions(python, ["torch", "keras", "tensorflow-cpu", "jax", "optax"]),
    },
    workloads: [],
  };
  for (const workload of workloads().filter(({ id }) => !only || only.includes(id))) {
    const timings = await measure(workload, {
      rounds: Number(options.rounds),
      seconds: Number(options.seconds),
      python,
      contenders: options.contenders?.split(","),
      onProgress: (text) => process.stderr.write(`\r${text}\u001b[K`),
    });
    measured.workloads.push({ workload, timings });
  }
  // A part of the bench is for looking, the whole is for keeping; so is a whole section.
  const whole = !only && !options.contenders;
  const isGan = ({ workload }: Row) => workload.task === "gan";
  const gans = measured.workloads.filter(isGan);
  if (gans.length) {
    const { date, versions: named } = measured;
    measured.gans = { date, machine: machineInWords, versions: named, load: loadavg()[0], rows: gans };
    measured.workloads = measured.workloads.filter((row) => !isGan(row));
  }
  if (whole) measured.kernels = kernels();
  const tasks = Object.keys(SPEED_GOALS).filter((id) => (only ? only.includes(id) : whole));
  if (tasks.length) measured.learning = learning(python, tasks);
  process.stderr.write("\r\u001b[K");
  const sections = {
    gans: measured.gans ? ganSection(measured.gans) : [],
    learning: measured.learning ? learningSection(measured.learning) : [],
  };
  const report = measured.workloads.length > 0 ? markdown(measured) : Object.values(sections).flat().join("\n");
  console.log(report);
  const kept = join(__dirname, "../report.md");
  if (whole) {
    writeFileSync(kept, report);
    writeFileSync(join(__dirname, "../report.vl.json"), JSON.stringify(chart(measured), null, 2) + "\n");
  } else if (!options.contenders) {
    const all = {
      gans: workloads().filter(({ task }) => task === "gan").length,
      learning: Object.keys(SPEED_GOALS).length,
    };
    const renew = (section: string[]) => writeFileSync(kept, withSection(readFileSync(kept, "utf8"), section));
    if (gans.length === all.gans) renew(sections.gans);
    if (tasks.length === all.learning) renew(sections.learning);
  }
  if (options.json) writeFileSync(options.json, JSON.stringify(measured, null, 2) + "\n");
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
