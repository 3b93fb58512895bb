/**
 * The only door to TensorFlow.js. Everything else imports `tf` from here, so that it is loaded once, in the right order,
 * on the best device there is, and says which one that is.
 */
import { nativeFailure } from "./tensorflow/native";
import * as tf from "@tensorflow/tfjs-node-gpu";
import { readFileSync } from "node:fs";
import { describeDevice, DeviceReport, whyNoGpu } from "./tensorflow/device";
import { stopOnInterrupt } from "./tensorflow/stop";
import { startWasm } from "./tensorflow/wasm";

export { tf, DeviceReport };

/**
 * Says what computes: the backend, the device's name, TensorFlow's version, threads, memory, and why not a GPU.
 *
 * @example device() // TensorFlow 2.21.0 on CPU Intel(R) Xeon(R), 8 threads, 31 GiB
 */
export function device(): DeviceReport {
  const report = describeDevice(wasmThreads);
  (globalThis as Record<symbol, unknown>)[Symbol.for("nablab.device")] = report.short;
  return report;
}

let starting: Promise<() => number> | undefined;
let wasmThreads = () => 1;

/**
 * Waits until the fastest device is up. With native TensorFlow it is up from the start; without it, WebAssembly has to
 * load, and until then operations run in plain JavaScript.
 */
export async function ready(): Promise<DeviceReport> {
  if (nativeFailure !== undefined) wasmThreads = await (starting ??= startWasm());
  await tf.ready();
  return device();
}

/** What `memory()` answers. */
export interface MemoryReport {
  /** Tensors that nobody has disposed of yet. Grows from step to step: a leak. */
  tensors: number;
  /** Bytes of those tensors' values. */
  bytes: number;
  /** Bytes of main memory that the whole process holds; TensorFlow's own buffers are in it, the GPU's are not. */
  process: number;
}

/** Counts the living tensors, and what the process holds. Call it twice around a step: the first number must not grow. */
export function memory(): MemoryReport {
  const { numTensors, numBytes } = tf.memory();
  return { tensors: numTensors, bytes: numBytes, process: residentBytes() };
}

function residentBytes(): number {
  try {
    // In kB, and up to date: process.memoryUsage() would walk the JavaScript heap as well.
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))![1]) * 1024;
  } catch {
    return process.memoryUsage.rss();
  }
}

stopOnInterrupt(tf.LayersModel);
device();
if (nativeFailure === undefined && process.env.NABLAB_DEVICE !== "cpu" && tf.getBackend() === "tensorflow") {
  const why = device().kind === "gpu" ? undefined : whyNoGpu();
  if (why) console.warn(`nablab: ${why}`);
}
