import { existsSync } from "node:fs";
import { join } from "node:path";
import { type DeviceChoice, type DeviceKind } from "../device";
import { fingerprint } from "../fingerprint";
import { sitePackages, venv } from "../paths";
import { lockFile, pipInstall } from "../pip";
import type { Step } from "../step";
import { hasPackage, installedPackages } from "../wheels";

/** The folder of the installed TensorFlow: its C library and its headers. */
export const tensorflowFolder = (environment = venv): string =>
  join(sitePackages(environment) ?? environment, "tensorflow");

/** Which build of TensorFlow is installed, if any. */
export function installedTensorflow(environment = venv): DeviceKind | undefined {
  if (!existsSync(join(tensorflowFolder(environment), "libtensorflow_cc.so.2"))) return undefined;
  if (hasPackage("tensorflow_cpu", environment)) return "cpu";
  if (!hasPackage("tensorflow", environment)) return undefined;
  // The full package has CUDA in it on x86-64 only.
  return process.arch === "x64" ? "cuda" : "cpu";
}

/** TensorFlow's C library and headers, from the Python wheel for the chosen device. */
export const tensorflowStep = ({ kind, why }: DeviceChoice, environment = venv): Step => ({
  title: `TensorFlow 2.21 for ${kind === "cuda" ? "CUDA" : "the CPU"}`,
  stamp: join(environment, ".nablab-tensorflow"),
  inputs: () => fingerprint(kind, { file: lockFile(`tensorflow-${kind}`) }),
  present: () => installedTensorflow(environment) === kind,
  async make(progress) {
    await pipInstall(`tensorflow-${kind}`, progress, {
      gigabytes: kind === "cuda" ? 10 : 3,
      environment,
      // Both builds fill the same folder: installed over each other, one would be left with files of the other.
      replaces: installedTensorflow(environment) === kind ? [] : otherBuild(kind, environment),
    });
    return why;
  },
});

/** What belongs to the other build alone; NVIDIA's libraries take more room than TensorFlow itself. */
function otherBuild(kind: DeviceKind, environment: string): string[] {
  const other = (name: string) =>
    kind === "cuda" ? name === "tensorflow_cpu" : name === "tensorflow" || /^nvidia_.*_cu\d+$/.test(name);
  return installedPackages(environment).filter(other);
}
