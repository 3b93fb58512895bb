import { existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { run } from "../command";
import { type BindingSources, type Compiler, compileArguments, installedCompilers, zig } from "../compiler";
import type { DeviceChoice } from "../device";
import { Failure } from "../failure";
import { fingerprint, readText, writeWhole } from "../fingerprint";
import { root } from "../paths";
import { pipInstall } from "../pip";
import { probeBinding } from "../probe";
import type { Progress } from "../progress";
import type { Step } from "../step";
import { tensorflowFolder } from "./tensorflow";

const packageFolder = join(root, "node_modules/@tensorflow/tfjs-node-gpu");

/** Where tfjs-node looks for its binding. */
export const bindingFile = join(packageFolder, "lib/napi-v8/tfjs_binding.node");

const nativeFolder = join(root, "kernel-setup/native");
const headers = join(root, "node_modules/node-api-headers");
const noteFile = join(dirname(bindingFile), ".nablab-webassembly");

/** Whether TensorFlow and its binding can exist on this machine at all; elsewhere WebAssembly computes. */
export const nativePlatform =
  process.platform === "linux" && ["x64", "arm64"].includes(process.arch) && !existsSync("/etc/alpine-release");

/** Why the last set-up left the course on WebAssembly; undefined where it has the binding. */
export const whyWebAssembly = (): string | undefined => readText(noteFile)?.trim();

const sources = (): BindingSources => ({
  entry: join(nativeFolder, "nablab_binding.cc"),
  include: [
    join(headers, "include"),
    join(tensorflowFolder(), "include"),
    join(packageFolder, "binding"),
    nativeFolder,
  ],
  tensorflow: tensorflowFolder(),
  // Relative, so that a clone that is moved, or that lies in a folder with spaces, keeps its TensorFlow.
  rpath: `$ORIGIN/${relative(dirname(bindingFile), tensorflowFolder())}`,
});

/**
 * The native part: the C++ sources that come with tfjs-node and the course's own, compiled against TensorFlow 2.21.
 *
 * The binding is tried in a process of its own under another name and only then put into its place, where one that is
 * in use stays valid for who has it loaded. Where none can be made, the step says so and is done: the course runs on
 * WebAssembly until a compiler appears or `npm run setup` is called again.
 */
export const bindingStep = (device: DeviceChoice): Step => ({
  title: "Native TensorFlow binding",
  stamp: join(dirname(bindingFile), ".nablab"),
  inputs: () =>
    fingerprint(
      ...[device.kind, sources().rpath, process.arch, readText(join(headers, "package.json")) ?? ""],
      ...[{ file: nativeFolder }, { file: join(packageFolder, "binding") }],
      { file: join(tensorflowFolder(), "python/platform/build_info.py") },
      // A binding that something else has replaced or cut short is not ours. Where there is none, a compiler that was
      // not there before is a reason to try again.
      bindingSeal() ?? JSON.stringify(installedCompilers()),
    ),
  present: () => existsSync(bindingFile) !== existsSync(noteFile),
  async make(progress) {
    mkdirSync(dirname(bindingFile), { recursive: true });
    rmSync(noteFile, { force: true });
    if (!nativePlatform)
      return resort(`the course builds it on Linux with glibc, not on ${process.platform} ${process.arch}`);
    const made = await makeBinding(progress);
    if ("failure" in made) return resort(made.failure ?? "unknown");
    const { compiler, report, noGpu } = made;
    if (device.kind === "cpu") return compiler;
    return report.gpu
      ? `${compiler}, runs on the GPU`
      : `${compiler}, runs on the CPU: ${noGpu ?? "TensorFlow finds no GPU"}`;
  },
});

function bindingSeal() {
  const file = statSync(bindingFile, { throwIfNoEntry: false });
  return file && `${file.size} ${file.mtimeMs}`;
}

async function makeBinding(progress: Progress) {
  const compilers = installedCompilers();
  let failure = "no C++ compiler";
  for (const compiler of compilers) {
    const result = await tryCompiler(compiler, progress);
    if ("report" in result) return result;
    failure = `${compiler.name}: ${result.failure}`;
  }
  try {
    await pipInstall("compiler", progress, { gigabytes: 0.5 });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { failure: `${failure}; and PyPI's ziglang: ${error.why}` };
  }
  const result = await tryCompiler(zig(), progress);
  return "report" in result ? result : { failure: compilers.length ? failure : `zig: ${result.failure}` };
}

async function tryCompiler(compiler: Compiler, progress: Progress) {
  const temporary = join(dirname(bindingFile), `.tfjs_binding.${process.pid}.node`);
  try {
    const [program, ...own] = compiler.command;
    progress.detail(compiler.name);
    const compiled = await run(program, [...own, ...compileArguments(sources(), temporary)], { log: "setup.log" });
    if (compiled.code !== 0) {
      const lines = compiled.output.split("\n").filter((line) => line.trim());
      return { failure: lines.find((line) => /error/i.test(line)) ?? lines[0] ?? "it ended without a word" };
    }
    const { report, failure, noGpu } = await probeBinding(temporary);
    if (!report) return { failure: `what it made does not load: ${failure}` };
    renameSync(temporary, bindingFile);
    return { compiler: compiler.name, report, noGpu };
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Leaves no binding that does not belong to this TensorFlow, and writes down why there is none. */
function resort(reason: string): string {
  rmSync(bindingFile, { force: true });
  writeWhole(noteFile, reason);
  return "none";
}

/** What the course loses without the native part. */
export const webAssemblyCost = "The course runs on WebAssembly: training is several times slower, no GPU, no compile()";
