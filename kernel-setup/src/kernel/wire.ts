import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { nativeSizes, type NativeFiles } from "./native-output";
import { Shared, type ToMain, type ToWire, type WireOptions } from "./protocol";

/** Messages on their way to the wire at which the main thread waits: a loop that prints must not fill the memory. */
const BACKLOG = 5000;

type WithoutNative<T> = T extends unknown ? Omit<T, "native"> : never;

/** The main thread's end of the wire: see `protocol.ts`. */
export class Wire {
  private readonly worker: Worker;
  readonly shared: Int32Array;

  constructor(connectionFile: string, files: NativeFiles, kernelInfo: Record<string, unknown>) {
    const shared = new SharedArrayBuffer(4 * Object.keys(Shared).length);
    this.shared = new Int32Array(shared);
    const workerData: WireOptions = {
      connectionFile,
      shared,
      nativeFiles: [files.stdout, files.stderr],
      logFile: files.log,
      kernelInfo,
    };
    this.worker = new Worker(join(__dirname, "wire", "thread.js"), { workerData });
  }

  /** Hears what the wire says, and learns of its death. */
  listen(hear: (message: ToMain) => void, failed: (error: Error) => void): void {
    this.worker.on("message", hear);
    this.worker.on("error", failed);
  }

  /** Sends a message; it goes out after everything that was written before, also by native code. */
  post(message: WithoutNative<ToWire>): void {
    // Counted before it is sent: the wire takes an empty backlog for a sign that nothing is on its way.
    const backlog = Atomics.add(this.shared, Shared.backlog, 1);
    this.worker.postMessage({ ...message, native: nativeSizes() });
    if (backlog > BACKLOG) Atomics.wait(this.shared, Shared.backlog, backlog + 1, 200);
  }
}
