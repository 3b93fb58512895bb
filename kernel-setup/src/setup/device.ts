import { existsSync } from "node:fs";
import { Failure } from "./failure";
import { run } from "./command";

/** Which build of TensorFlow the set-up installs. */
export type DeviceKind = "cpu" | "cuda";

export interface DeviceChoice {
  kind: DeviceKind;
  /** Why, as part of a sentence: "an NVIDIA driver is loaded". */
  why: string;
}

export interface DeviceOptions {
  /** The value of `NABLAB_DEVICE`. @default process.env.NABLAB_DEVICE */
  wanted?: string;
  /** The build that is installed already. */
  installed?: DeviceKind;
  /** Finds out what NVIDIA driver answers. @default {@link nvidiaDriver} */
  driver?: () => Promise<string | undefined>;
}

/**
 * Settles the build of TensorFlow from `NABLAB_DEVICE`: `cpu`, `cuda`, or `auto` (also where it is not set).
 *
 * `auto` means CUDA where an NVIDIA driver answers, and otherwise what is installed already: a CUDA build runs on the
 * CPU too, and a machine whose driver is away for a day should not download TensorFlow again.
 *
 * @throws {Failure} for any other value.
 */
export async function chooseDevice(options: DeviceOptions = {}): Promise<DeviceChoice> {
  const { wanted = process.env.NABLAB_DEVICE || "auto", installed, driver = nvidiaDriver } = options;
  if (wanted === "cuda" && process.arch !== "x64") {
    return { kind: "cpu", why: `TensorFlow is published with CUDA for x86-64 only, and this is ${process.arch}` };
  }
  if (wanted === "cpu" || wanted === "cuda") return { kind: wanted, why: `NABLAB_DEVICE=${wanted}` };
  if (wanted !== "auto") {
    throw new Failure(
      `NABLAB_DEVICE=${wanted} is not a device`,
      "it can be cpu, cuda or auto",
      "set one of the three, or unset it",
    );
  }
  if (process.arch !== "x64") return { kind: "cpu", why: `there is no CUDA build for ${process.arch}` };
  const answer = await driver();
  if (answer) return { kind: "cuda", why: answer };
  if (installed === "cuda") return { kind: "cuda", why: "it is installed already; no NVIDIA driver answers today" };
  return { kind: "cpu", why: "no NVIDIA driver answers" };
}

/** Where Windows' Linux keeps the driver's library; it has neither /proc/driver nor always nvidia-smi on the PATH. */
const wslDriver = "/usr/lib/wsl/lib/libcuda.so.1";

/** In words, the NVIDIA driver that answers on this machine; undefined where none does. */
export async function nvidiaDriver(): Promise<string | undefined> {
  if (process.platform !== "linux") return undefined;
  if (existsSync("/proc/driver/nvidia/version")) return "an NVIDIA driver is loaded";
  if (existsSync(wslDriver)) return "Windows lends its NVIDIA driver";
  const { code, stdout } = await run("nvidia-smi", ["--list-gpus"]);
  return code === 0 && stdout.includes("GPU") ? "nvidia-smi lists a GPU" : undefined;
}
