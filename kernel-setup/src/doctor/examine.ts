import { existsSync } from "node:fs";
import { freemem, totalmem } from "node:os";
import { run } from "../setup/command";
import { chooseDevice, nvidiaDriver } from "../setup/device";
import { Failure } from "../setup/failure";
import { findInterpreter } from "../setup/interpreter";
import { sitePackages, venv, venvPython } from "../setup/paths";
import { probeBinding } from "../setup/probe";
import { bindingFile, bindingStep, webAssemblyCost, whyWebAssembly } from "../setup/steps/binding";
import { cachedData, dataFolder, dataHint } from "../setup/steps/data";
import { jupyterStep } from "../setup/steps/jupyter";
import { installedTensorflow, tensorflowStep } from "../setup/steps/tensorflow";
import { isDone } from "../setup/step";
import { brokenWheels } from "../setup/wheels";
import { checkKernel } from "./kernel";
import type { Check } from "./report";

const setUpAgain = "run `npm run setup`";

/** Looks at every part. A part that cannot be looked at is a part that is not ok, never an error. */
export async function examine(): Promise<Check[]> {
  const tensorflow = await checkTensorflow();
  return [
    { part: "node", ok: true, value: process.version },
    await checkPython(),
    checkJupyter(),
    tensorflow,
    ...(await checkBinding()),
    checkMemory(),
    checkKernel(),
    { part: "data", ok: true, value: cachedData().join(" ") || null, detail: `${dataHint()} (${dataFolder()})` },
  ];
}

async function checkPython(): Promise<Check> {
  const { code, stdout } = await run(venvPython(), ["-c", "import platform; print(platform.python_version())"]);
  if (code === 0) return { part: "python", ok: true, value: stdout.trim(), detail: venv };
  const check: Check = { part: "python", ok: false, value: null, detail: "no working virtual environment .venv" };
  try {
    const { version } = await findInterpreter();
    return { ...check, remedy: `${setUpAgain}; Python ${version} is there for it` };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { ...check, detail: `${error.what}; ${error.why}`, remedy: error.remedy };
  }
}

function checkJupyter(): Check {
  const packages = sitePackages();
  const broken = packages ? brokenWheels(packages) : [];
  const check: Check = { part: "jupyter", ok: false, value: null, remedy: setUpAgain };
  if (!jupyterStep().present()) return { ...check, detail: "JupyterLab is not installed" };
  if (broken.length) return { ...check, detail: `Python packages with missing files: ${broken.join(", ")}` };
  if (!isDone(jupyterStep())) return { ...check, detail: "not the JupyterLab that kernel-setup/python pins" };
  return { part: "jupyter", ok: true, value: "4.6.6" };
}

async function checkTensorflow(): Promise<Check> {
  const installed = installedTensorflow();
  const why = whyWebAssembly();
  if (!installed) {
    return { part: "tensorflow", ok: false, value: null, detail: why ?? "not installed", remedy: setUpAgain };
  }
  try {
    const choice = await chooseDevice({ installed });
    const value = `2.21.0 for ${installed === "cuda" ? "CUDA" : "the CPU"}`;
    const fits = isDone(tensorflowStep(choice));
    if (fits) return { part: "tensorflow", ok: true, value };
    const detail = installed === choice.kind ? "not as kernel-setup/python pins it" : `but ${choice.why}`;
    return { part: "tensorflow", ok: false, value, detail, remedy: setUpAgain };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { part: "tensorflow", ok: false, value: null, detail: error.what, remedy: error.remedy };
  }
}

/** The binding, and what can only be known by computing with it: backend, device and GPU. */
async function checkBinding(): Promise<Check[]> {
  const gpu = (value: boolean, detail?: string): Check => ({ part: "gpu", ok: true, value, detail });
  const missing = (detail: string): Check[] => [
    { part: "binding", ok: false, value: null, detail, remedy: setUpAgain },
    { part: "backend", ok: false, value: "wasm", detail: webAssemblyCost, remedy: "mend the binding" },
    { part: "device", ok: true, value: "WebAssembly on the CPU" },
    gpu(false, "WebAssembly uses none"),
  ];
  if (!existsSync(bindingFile)) return missing(whyWebAssembly() ?? "not built");
  const { report, failure, noGpu } = await probeBinding(bindingFile);
  if (!report) return missing(`it does not load: ${failure}`);
  const installed = installedTensorflow() ?? "cpu";
  const current = isDone(bindingStep({ kind: installed, why: "" }));
  const entries = report.functions ? "with compile()" : "without what compile() needs";
  const driver = await nvidiaDriver();
  const wanted = process.env.NABLAB_DEVICE === "cuda" || (driver && process.env.NABLAB_DEVICE !== "cpu");
  return [
    current
      ? { part: "binding", ok: true, value: `TensorFlow ${report.tensorflow}`, detail: entries }
      : { part: "binding", ok: false, value: "outdated", detail: "built from other sources", remedy: setUpAgain },
    { part: "backend", ok: true, value: "tensorflow" },
    { part: "device", ok: true, value: report.gpu ? "GPU" : "CPU" },
    report.gpu
      ? gpu(true, driver)
      : wanted
        ? { part: "gpu", ok: false, value: false, detail: noGpu ?? "TensorFlow finds none", remedy: gpuRemedy(driver) }
        : gpu(
            false,
            installed === "cuda" ? `CUDA build on the CPU: ${noGpu ?? "no GPU"}` : "none asked for, none found",
          ),
  ];
}

const gpuRemedy = (driver: string | undefined) =>
  driver ? "see what `nvidia-smi` says, then run `npm run setup`" : "install NVIDIA's driver, or unset NABLAB_DEVICE";

function checkMemory(): Check {
  const total = Math.min(totalmem(), process.constrainedMemory() || Infinity) / 1e9;
  const value = `${total.toFixed(0)} GB`;
  const detail = `${(freemem() / 1e9).toFixed(0)} GB free`;
  const remedy = "close other programs, or use a machine with at least 4 GB";
  return total >= 3.5
    ? { part: "memory", ok: true, value, detail }
    : { part: "memory", ok: false, value, detail, remedy };
}
