/**
 * A replay with its TensorFlow functions: the plain one, the one compiled by XLA, or both while "auto" measures.
 */
import { Precision } from "./build";
import { Contest } from "./contest";
import { FunctionHandle, FunctionOptions, NativeBackend } from "./native";
import { RecordingStats } from "./options";
import { OpTime } from "./op-times";
import { Step } from "./recorder";
import { Replay } from "./replay";
import { Leaves, print } from "./structure";
import { defineLoop, Loop } from "./scan";
import { Trace } from "./trace";

/** Loops of different lengths to keep. */
const MOST_LOOPS = 4;
/** Elements of the largest tensor in a small step. */
const SMALL = 65536;
interface Variant {
  xla: boolean;
  name: string;
  handle: FunctionHandle;
}
/** The loops of one number of steps. "auto" decides for loops apart: XLA may lose single calls and win in a loop. */
interface Loops {
  plain?: Loop;
  xla?: Loop;
  contest: Contest;
}

/** One recording, ready to run. */
export class Program {
  readonly replay: Replay;
  private variants: Variant[];
  private places = new Map<string, Step>();
  /** Loops of `scan`, by their number of steps; most recently used last. */
  private readonly loops = new Map<number, Loops>();
  private readonly contest = new Contest();
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
    return { xla, name, handle };
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
    const variant =
      this.variants.length === 1 ? this.variants[0] : this.variants.find(({ xla }) => xla === this.contest.next())!;
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
    if (this.variants.length > 1) {
      this.contest.add(variant.xla, elapsed);
      const { winner } = this.contest;
      if (winner !== undefined) this.keep(this.variants.find(({ xla }) => xla === winner)!);
    }
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
    const loops = this.loopsOf(count);
    const undecided = this.variants.length > 1;
    const xla = undecided ? loops.contest.next() : this.variants[0].xla && !this.slowInLoops();
    let value: unknown;
    try {
      const options = this.functionOptions(xla);
      const loop = (loops[xla ? "xla" : "plain"] ??= defineLoop(
        this.native,
        this.replay,
        count,
        freshName(this.native),
        options,
      ));
      value = this.replay.call(loop.handle, leaves, count);
    } catch (error) {
      if (!undecided || !xla) throw this.explain(error);
      loops.contest.winner = false;
      return this.scan(leaves, count);
    }
    const elapsed = performance.now() - start;
    this.calls += count;
    this.callMs += elapsed;
    if (undecided) loops.contest.add(xla, elapsed);
    return value;
  }

  /** The loops of a length; those used least recently make room. */
  private loopsOf(count: number): Loops {
    const loops = this.loops.get(count) ?? { contest: new Contest(this.slowInLoops() ? false : undefined) };
    this.loops.delete(count);
    this.loops.set(count, loops);
    for (const [other, old] of this.loops) {
      if (this.loops.size <= MOST_LOOPS) break;
      this.remove(old);
      this.loops.delete(other);
    }
    return loops;
  }

  private remove({ plain, xla }: Loops): void {
    for (const name of [...(plain?.names ?? []), ...(xla?.names ?? [])]) this.native.native.removeFunction(name);
  }

  /** On a CPU, XLA runs convolutions inside of a loop on one thread and without Eigen: minutes instead of seconds. */
  private slowInLoops(): boolean {
    if (this.native.backend.isUsingGpuDevice) return false;
    return this.trace.recording.steps.some((step) => step.kind === "op" && /^(Conv|DepthwiseConv)/.test(step.op));
  }

  dispose(): void {
    for (const { name } of this.variants) this.native.native.removeFunction(name);
    for (const loops of this.loops.values()) this.remove(loops);
    this.loops.clear();
    this.replay.dispose();
    this.variants = [];
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
