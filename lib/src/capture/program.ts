/**
 * A replay with its TensorFlow functions: the plain one, the one compiled by XLA, or both while "auto" measures.
 */
import { Precision } from "./build";
import { FunctionHandle, FunctionOptions, NativeBackend } from "./native";
import { RecordingStats } from "./options";
import { OpTime } from "./op-times";
import { Step } from "./recorder";
import { Replay } from "./replay";
import { Leaves, print } from "./structure";
import { defineLoop, Loop } from "./scan";
import { Trace } from "./trace";

/** Calls of each kind that "auto" measures, after one more that pays for the set-up. */
const MEASURED_CALLS = 3;

/** Loops of different lengths to keep. */
const MOST_LOOPS = 4;
/** Elements of the largest tensor in a small step. */
const SMALL = 65536;
interface Variant {
  xla: boolean;
  name: string;
  handle: FunctionHandle;
  times: number[];
}

/** One recording, ready to run. */
export class Program {
  readonly replay: Replay;
  private variants: Variant[];
  private places = new Map<string, Step>();
  /** Loops of `scan`, by their number of steps; most recently used last. */
  private readonly loops = new Map<number, Loop>();
  private calls = 0;
  private callMs = 0;
  private ops = 0;
  private readonly recordMs: number;

  constructor(
    private readonly native: NativeBackend,
    readonly trace: Trace,
    options: { xla: boolean | "auto"; precision: Precision },
    started: number,
  ) {
    this.replay = new Replay(native, trace, options.precision);
    this.variants = [this.define(options.xla === true)];
    if (options.xla === "auto") this.variants.push(this.define(true));
    this.recordMs = performance.now() - started;
  }

  private define(xla: boolean): Variant {
    const name = freshName(this.native);
    const { handle, ops, places } = this.replay.define(name, this.functionOptions(xla));
    this.ops = ops;
    this.places = places;
    return { xla, name, handle, times: [] };
  }

  /**
   * One thread for the ops of a small step: handing them between threads costs more than they do. TensorFlow's graph
   * optimiser stays off: it changes results in the last bits (x / sqrt(y) to x · rsqrt(y), x / 3 to x · (1 / 3)), and what
   * it may drop without doing so, `plan` drops already.
   */
  private functionOptions(xla: boolean): FunctionOptions {
    if (xla) return { xla };
    const small = this.trace.recording.steps.every(
      (step) => step.kind !== "op" || step.outputs.every(({ shape }) => shape.reduce((a, b) => a * b, 1) <= SMALL),
    );
    return small ? { executor: "SINGLE_THREADED_EXECUTOR" } : {};
  }

  /** Runs one call. */
  call(leaves: Leaves): unknown {
    const start = performance.now();
    const variant = this.variants.length === 1 ? this.variants[0] : this.nextToMeasure();
    let value: unknown;
    try {
      value = this.replay.call(variant.handle, leaves);
    } catch (error) {
      if (variant.xla && this.variants.length > 1) {
        // XLA lacks a few ops; "auto" means: use it where it helps.
        this.keep(this.variants.find((other) => other !== variant)!);
        return this.call(leaves);
      }
      value = this.repeat(variant, leaves, error);
    }
    const elapsed = performance.now() - start;
    this.calls++;
    this.callMs += elapsed;
    if (this.variants.length > 1) this.measured(variant, elapsed);
    return value;
  }

  /** Times each op of the plain function; what XLA makes of the step is one op. */
  opTimes(leaves: Leaves, runs: number): OpTime[] {
    return this.replay.opTimes(leaves, runs);
  }

  stats(): RecordingStats {
    return {
      arguments: print(this.trace.structure).slice(1, -1),
      ops: this.ops,
      constantBytes: this.replay.plan.constantBytes,
      calls: this.calls,
      recordMs: this.recordMs,
      callMs: this.callMs,
      xla: this.variants.length > 1 ? "measuring" : this.variants[0].xla,
    };
  }

  /** Runs `count` steps on stacked arguments. */
  scan(leaves: Leaves, count: number): unknown {
    const start = performance.now();
    const xla = this.variants.length === 1 && this.variants[0].xla && !this.slowInLoops();
    let loop = this.loops.get(count);
    this.loops.delete(count);
    loop ??= defineLoop(this.native, this.replay, count, freshName(this.native), this.functionOptions(xla));
    this.loops.set(count, loop);
    for (const [other, { names }] of this.loops) {
      if (this.loops.size <= MOST_LOOPS) break;
      names.forEach((name) => this.native.native.removeFunction(name));
      this.loops.delete(other);
    }
    try {
      return this.replay.call(loop.handle, leaves, count);
    } catch (error) {
      throw this.explain(error);
    } finally {
      this.calls += count;
      this.callMs += performance.now() - start;
    }
  }

  /** On a CPU, XLA runs convolutions inside of a loop on one thread and without Eigen: minutes instead of seconds. */
  private slowInLoops(): boolean {
    if (this.native.backend.isUsingGpuDevice) return false;
    return this.trace.recording.steps.some((step) => step.kind === "op" && /^(Conv|DepthwiseConv)/.test(step.op));
  }

  dispose(): void {
    const names = [...this.variants.map(({ name }) => name), ...[...this.loops.values()].flatMap((loop) => loop.names)];
    names.forEach((name) => this.native.native.removeFunction(name));
    this.loops.clear();
    this.replay.dispose();
    this.variants = [];
  }

  private nextToMeasure(): Variant {
    return this.variants.reduce((a, b) => (b.times.length < a.times.length ? b : a));
  }

  private measured(variant: Variant, elapsed: number): void {
    variant.times.push(elapsed);
    if (this.variants.some(({ times }) => times.length <= MEASURED_CALLS)) return;
    const best = ({ times }: Variant): number => Math.min(...times.slice(1));
    this.keep(this.variants.reduce((a, b) => (best(b) < best(a) ? b : a)));
  }

  private keep(chosen: Variant): void {
    for (const variant of this.variants) if (variant !== chosen) this.native.native.removeFunction(variant.name);
    this.variants = [chosen];
  }

  /** The executor for small steps does not say which node failed; TensorFlow's other one does. */
  private repeat({ xla }: Variant, leaves: Leaves, error: unknown): unknown {
    if (xla || nodeOf(error) !== undefined) throw this.explain(error);
    const name = freshName(this.native);
    try {
      return this.replay.call(this.replay.define(name, {}).handle, leaves);
    } catch (again) {
      throw this.explain(again);
    } finally {
      if (this.native.native.hasFunction(name)) this.native.native.removeFunction(name);
    }
  }

  /** Adds the user's line to TensorFlow's message, which names the node. */
  private explain(error: unknown): unknown {
    if (!(error instanceof Error)) return error;
    const node = nodeOf(error);
    const step = node === undefined ? undefined : this.places.get(node);
    if (step?.kind !== "op") return error;
    const line = step.place.line();
    error.message = `compiled step: ${step.op}${line ? ` at ${line}` : ""} failed: ${error.message}`;
    return error;
  }
}

/** The failing node in TensorFlow's message: `{{node MatMul_3}}`, with the calls that led to it in front. */
function nodeOf(error: unknown): string | undefined {
  const names = [...String(error).matchAll(/\{\{node (?:[^{}]*\/)?([A-Za-z0-9_]+)\}\}/g)];
  return names.at(-1)?.[1];
}

let counter = 0;

/** A function name that the context does not know yet: after a rebuild of this library the old ones are still there. */
export function freshName({ native }: NativeBackend): string {
  let name: string;
  do name = `nablab_step_${++counter}`;
  while (native.hasFunction(name));
  return name;
}
