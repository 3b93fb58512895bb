/**
 * What the two threads of the kernel say to each other.
 *
 * The wire thread owns the five ZeroMQ sockets; the main thread runs the cells. So the heartbeat beats, `Stop` is
 * heard and output goes out live, whatever a cell is doing.
 */

/** From the wire to the main thread. */
export type ToMain =
  | { type: "request"; id: number; msgType: string; content: Record<string, unknown> }
  | { type: "input"; value: string }
  | { type: "interrupt" }
  | { type: "shutdown" };

/** Sizes of the files behind the file descriptors 1 and 2 when a message was made: what lies below came before it. */
export type NativeSizes = readonly [stdout: number, stderr: number];

/** From the main thread to the wire. `cell` is the id of the request an output belongs to. */
export type ToWire =
  | { type: "stream"; cell: number; name: "stdout" | "stderr"; text: string; native: NativeSizes }
  | { type: "publish"; cell: number; msgType: string; content: string; native: NativeSizes }
  | { type: "reply"; id: number; content: string; native: NativeSizes }
  | { type: "input_request"; cell: number; content: string; native: NativeSizes }
  | { type: "log"; text: string }
  | { type: "close" };

/** Slots of the `Int32Array` that both threads see. */
export const Shared = {
  /** What the main thread runs: see {@link Section}. */
  section: 0,
  /** 1 from the moment a Stop is asked for until the main thread has taken note of it. */
  interrupt: 1,
  /** Messages that the main thread has posted and the wire has not yet taken. */
  backlog: 2,
} as const;

/** What runs now, and so how it can be stopped. */
export const Section = {
  /** The kernel's own work, such as compiling a cell. */
  kernel: 0,
  /** The learner's code, up to its first `await`: `vm` turns SIGINT into an error that the cell ends with. */
  start: 1,
  /** The learner's code after that, where nothing ends a call into a library. */
  rest: 2,
} as const;

/** What the wire thread is given when it starts. */
export interface WireOptions {
  connectionFile: string;
  shared: SharedArrayBuffer;
  /** Files behind the file descriptors 1 and 2. */
  nativeFiles: [string, string];
  logFile: string;
  /** The answer to `kernel_info_request`. */
  kernelInfo: Record<string, unknown>;
}
