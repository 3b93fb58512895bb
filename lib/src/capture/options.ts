import { Precision } from "./build";

/** How `compile` treats a function. */
export interface CompileOptions {
  /**
   * Compile the graph with XLA: fuses element-wise chains, which doubles the speed of small networks; on a CPU its
   * convolutions are slower. "auto" measures both on the first calls, those of `scan` apart, and keeps the faster one.
   * @default false
   */
  xla?: boolean | "auto";
  /**
   * Compare the first three replays with the plain function, run on the same values: `stats().check` has the largest
   * difference of every output and variable. These calls cost double.
   * @default false
   */
  check?: boolean;
  /**
   * "bfloat16" lets matrix products and convolutions run on numbers of 8 significant bits, with results and weights in
   * float32, where that is faster: on GPUs and on CPUs with AMX or AVX512-BF16. On others float32 it stays, as
   * `stats().precision` says.
   * @default "float32"
   */
  precision?: Precision;
  /** How many recordings to keep, one for each combination of shapes, dtypes and structure. @default 16 */
  cache?: number;
}

/** One recording in `stats()`. */
export interface RecordingStats {
  /** What its arguments look like. */
  arguments: string;
  /** Nodes in the graph. */
  ops: number;
  /** Bytes of constants in the graph. */
  constantBytes: number;
  calls: number;
  /** Milliseconds it took to record and define. */
  recordMs: number;
  /** Milliseconds of all its calls together; on a GPU, of handing them over. */
  callMs: number;
  /** What "auto" chose, once it has; otherwise as asked. */
  xla: boolean | "measuring";
}

/** The largest difference between a replay and the plain function. */
export interface Difference {
  /** `output 0`, or the name of a variable. */
  name: string;
  /** `max |replayed - plain|` over the checked calls. */
  maxDifference: number;
}

/** What `stats()` answers. */
export interface CompileStats {
  /** False where every call just calls the function; `reason` says why. */
  compiled: boolean;
  reason?: string;
  /** Recordings made so far, those that fell out of the cache included. */
  recordings: number;
  /** Calls so far, recording ones and those of `scan` (each of its steps) included. */
  calls: number;
  /** What products and convolutions compute in: bfloat16 only where that was asked for and the device knows it. */
  precision: Precision;
  cache: RecordingStats[];
  /** With `check: true`, once a replay was checked. */
  check?: Difference[];
}
