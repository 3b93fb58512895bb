import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { dirname, join } from "node:path";
import { inspect } from "node:util";
import * as tf from "@tensorflow/tfjs-node-gpu";
import { nativeFailure } from "./native";

/** What computes, and why not something faster. Prints as one line. */
export class DeviceReport {
  constructor(
    /** The TensorFlow.js backend: "tensorflow" (native), "wasm", or "cpu" (plain JavaScript). */
    readonly backend: string,
    readonly kind: "cpu" | "gpu" | "wasm",
    /** The processor's or the graphics card's own name. */
    readonly name: string,
    /** Version of the native TensorFlow library, null without it. */
    readonly tensorflow: string | null,
    /** CPU threads that operations may use. */
    readonly threads: number,
    /** Bytes of memory on the device: of the graphics card, or of the machine. Null where unknown. */
    readonly memory: number | null,
    /** Why there is no GPU or no native TensorFlow, and what to do; undefined where nothing is amiss. */
    readonly note?: string,
  ) {}

  /** A few words, for tables and tensor views: "CPU, TensorFlow 2.21.0". */
  get short(): string {
    const what = { cpu: "CPU", gpu: `GPU ${this.name}`, wasm: "WebAssembly" }[this.kind];
    return `${what}, ${this.tensorflow ? `TensorFlow ${this.tensorflow}` : "no native TensorFlow"}`;
  }

  toString(): string {
    const memory = this.memory === null ? "" : `, ${(this.memory / 2 ** 30).toFixed(0)} GiB`;
    const where = this.kind === "gpu" ? `GPU ${this.name}` : `CPU ${this.name}`;
    const how = this.tensorflow
      ? `TensorFlow ${this.tensorflow}`
      : this.backend === "wasm"
        ? "WebAssembly"
        : "plain JavaScript";
    const threads = `${this.threads} ${this.threads === 1 ? "thread" : "threads"}`;
    return `${how} on ${where}, ${threads}${memory}${this.note ? `; ${this.note}` : ""}`;
  }

  [inspect.custom](): string {
    return this.toString();
  }

  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/plain": this.toString() };
  }
}

interface Gpu {
  name: string;
  memory: number | null;
}

let gpu: Gpu | undefined;

/** Looks at the running backend. Cheap, but for the first call on a GPU, which asks the driver for its name. */
export function describeDevice(wasmThreads: () => number): DeviceReport {
  const backend = tf.getBackend();
  const processor = cpus()[0]?.model.trim() || process.arch;
  const machine = machineMemory();
  if (backend !== "tensorflow") {
    const wait = backend === "cpu" ? "plain JavaScript until `await ready()` has WebAssembly up; " : "";
    const why = `${wait}native TensorFlow does not load (${nativeFailure}): npm run setup`;
    const threads = backend === "wasm" ? wasmThreads() : 1;
    return new DeviceReport(backend, backend === "wasm" ? "wasm" : "cpu", processor, null, threads, machine, why);
  }
  const native = tf.backend() as unknown as { isUsingGpuDevice: boolean; binding: { TF_Version: string } };
  const version = native.binding.TF_Version;
  const threads = Number(process.env.TF_NUM_INTRAOP_THREADS) || availableParallelism();
  if (native.isUsingGpuDevice) {
    gpu ??= askDriver();
    return new DeviceReport(backend, "gpu", gpu.name, version, threads, gpu.memory);
  }
  return new DeviceReport(backend, "cpu", processor, version, threads, machine, whyNoGpu());
}

/** What `whyNoGpu` looks at. */
export interface Surroundings {
  /** NABLAB_DEVICE */
  wanted: string | undefined;
  /** CUDA_VISIBLE_DEVICES */
  visible: string | undefined;
  /** Whether the kernel has an NVIDIA driver. */
  driver: boolean;
  /** Whether TensorFlow is built for CUDA. */
  cuda: boolean;
}

/** Why the CPU computes although a GPU was asked for or could be used; undefined where nobody expects one. */
export function whyNoGpu({ wanted, visible, driver, cuda }: Surroundings = surroundings()): string | undefined {
  if (wanted === "cpu") return driver ? "the GPU rests because NABLAB_DEVICE is cpu" : undefined;
  if (cuda && !driver) return "TensorFlow is built for CUDA, but this machine has no NVIDIA driver: it runs on the CPU";
  if (cuda && (visible === "" || visible === "-1")) {
    return `CUDA_VISIBLE_DEVICES is "${visible}", so TensorFlow sees no GPU: it runs on the CPU`;
  }
  if (cuda) return "an NVIDIA driver is there, but CUDA does not start: it runs on the CPU (npm run doctor says more)";
  if (driver)
    return "an NVIDIA GPU is here, but this TensorFlow is built for the CPU: NABLAB_DEVICE=cuda npm run setup";
  return wanted === "cuda" ? "NABLAB_DEVICE is cuda, but this machine has no NVIDIA driver" : undefined;
}

function surroundings(): Surroundings {
  const { NABLAB_DEVICE: wanted, CUDA_VISIBLE_DEVICES: visible } = process.env;
  const driver = existsSync("/proc/driver/nvidia/version") || existsSync("/dev/nvidiactl");
  return { wanted, visible, driver, cuda: builtForCuda() };
}

/** The wheel that the loaded library lies in says in one Python file what it was built for. */
function builtForCuda(): boolean {
  try {
    const maps = readFileSync("/proc/self/maps", "utf8");
    const library = /\s(\/.*libtensorflow_cc\.so[.\d]*)$/m.exec(maps)?.[1];
    if (!library) return false;
    const info = readFileSync(join(dirname(library), "python/platform/build_info.py"), "utf8");
    return /['"]is_cuda_build['"]\s*[:=]\s*True|is_cuda_build\s*=\s*True/.test(info);
  } catch {
    return false; // not Linux, or TensorFlow from elsewhere: unknown, and a guess would mislead
  }
}

function askDriver(): Gpu {
  try {
    const query = ["--query-gpu=name,memory.total", "--format=csv,noheader,nounits"];
    const lines = execFileSync("nvidia-smi", query, { encoding: "utf8", timeout: 5000, stdio: "pipe" })
      .trim()
      .split("\n");
    // The binding takes the last GPU of the list.
    const [name, mebibytes] = lines[lines.length - 1].split(",").map((part) => part.trim());
    return { name, memory: Number(mebibytes) * 2 ** 20 || null };
  } catch {
    return { name: "NVIDIA (name unknown: no nvidia-smi)", memory: null };
  }
}

/** What this process may use: in a container less than the machine has. */
function machineMemory(): number {
  const limit = process.constrainedMemory();
  const total = Number(/MemTotal:\s+(\d+) kB/.exec(readOrEmpty("/proc/meminfo"))?.[1] ?? 0) * 1024;
  return limit && (!total || limit < total) ? limit : total;
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
