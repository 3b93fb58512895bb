// Random ops draw from a variable that a recording carries like any other; without this they loop in JavaScript.
import "../kernels";
import { tf } from "../tensorflow";
import { precisionHere } from "./bfloat16";
import { Precision } from "./build";
import { Check } from "./check";
import { nativeBackend, NativeBackend } from "./native";
import { CompileOptions, CompileStats } from "./options";
import { OpTime } from "./op-times";
import { Program } from "./program";
import { CompileError } from "./refuse";
import { RecordedOp, recordedOps } from "./recorded-op";
import { Rows } from "./rows";
import { fits, Leaves, Structure } from "./structure";
import { AnyFunction, trace } from "./trace";

/** What `compile` returns: the function, and what belongs to its recordings. */
export type Compiled<F extends AnyFunction> = ((...values: Parameters<F>) => ReturnType<F>) & {
  /** Recordings, calls, ops, bytes of constants and time so far. */
  stats(): CompileStats;
  /**
   * The nodes of the graph that the last call ran, in the order in which they were recorded: what is left of the step
   * after dead ends, repetitions and reshapes to the same shape were dropped.
   *
   * @throws Error where there is no recording yet
   */
  graph(): RecordedOp[];
  /** Frees all recordings. A later call records anew. */
  dispose(): void;
  /**
   * Runs one step for each row of its arguments in a single call: tensors have one more axis in front, the number of
   * steps; numbers hold for all of them. Returns the stacked results. The first steps record if none has yet. Nothing can
   * stop it midway: run a few hundred steps at a time where somebody may want to.
   *
   * @throws RangeError where the arguments disagree on the number of steps
   * @example
   * const losses = step.scan(x, y); // x: [steps, batch, features], y: [steps, batch, classes] -> [steps]
   */
  scan(...stacked: Stacked<Parameters<F>>): Stacked<ReturnType<F>>;
  /**
   * Where the time of a step goes: runs the recording several times with a clock at every op, without XLA, and changes
   * nothing. Slowest op first. Ops that run side by side on several threads may add up to more than the step takes.
   *
   * @throws Error where no call with such arguments was recorded yet
   * @example
   * console.table(step.opTimes(x, y).slice(0, 10));
   */
  opTimes(...values: Parameters<F>): OpTime[];
};

/** The same structure, each tensor with one more axis in front. */
export type Stacked<T> = T extends tf.Tensor
  ? tf.Tensor
  : T extends number | string | boolean | undefined | null | ((...values: never[]) => unknown)
    ? T
    : { [K in keyof T]: Stacked<T[K]> };

/** Runs of `opTimes`, the median of which counts; the first ones warm up. */
const PROFILED_RUNS = 12;
/** A function that makes new variables at this many first calls in a row would never be recorded. */
const PATIENCE = 3;
/** Recordings that differ in a number only: more than this, and the number changes too often to be built in. */
const MOST_FIXED = 8;

/**
 * Turns a training step into one TensorFlow function. The first call runs it as always and records every op: forward
 * pass, gradients, optimizer. Later calls run the recording, and give the same results without a trip from JavaScript to
 * TensorFlow for every op.
 *
 * The step takes and returns tensors, also inside of arrays and plain objects, and may take numbers. It may read and
 * assign variables (weights, optimizer slots, averages), which it shares freely with other compiled functions and with
 * eager code. There is one recording for each combination of shapes, dtypes and structure of the arguments. Numbers and
 * the learning rates of `tf.train` optimizers are inputs, so a schedule needs no new recording; `tf.dropout` and
 * `tf.random*` draw anew at each call, the numbers that eager code would draw, and follow `setRandomSeed`.
 *
 * Its JavaScript runs while it is recorded, two or three times, and not after: an `if`, a counter or `console.log` takes
 * effect then only. What would be frozen to one call's value is refused.
 *
 * Inside of `tf.grad` and its kin, and inside of another compiled function, it runs as the plain function it was made of.
 * So it does on WebAssembly, with a stock binding of TensorFlow.js, and with `NABLAB_COMPILE=0`.
 *
 * @throws CompileError at the call that records, where the step reads values, is async, keeps tensors or does not repeat
 * @example
 * const step = compile((x: tf.Tensor2D, y: tf.Tensor2D) =>
 *   optimizer.minimize(() => loss(y, model.apply(x) as tf.Tensor2D), true)!);
 * const l = step(xBatch, yBatch);
 */
export function compile<F extends AnyFunction>(step: F, options: CompileOptions = {}): Compiled<F> {
  if (typeof step !== "function") throw new TypeError(`compile() step must be a function, got ${typeof step}`);
  const compiled = new CompiledStep(step, options);
  const call = (...values: Parameters<F>): ReturnType<F> => compiled.call(values) as ReturnType<F>;
  return Object.assign(call, {
    stats: () => compiled.stats(),
    graph: () => compiled.graph(),
    dispose: () => compiled.dispose(),
    scan: (...stacked: Stacked<Parameters<F>>) => compiled.scan(stacked) as Stacked<ReturnType<F>>,
    opTimes: (...values: Parameters<F>) => compiled.opTimes(values),
  });
}

class CompiledStep {
  /** Most recently used first. */
  private programs: Program[] = [];
  private recordings = 0;
  private calls = 0;
  private warmUps = 0;
  private reason?: string;
  private readonly size: number;
  private readonly check?: Check;

  constructor(
    private readonly step: AnyFunction,
    private readonly options: CompileOptions,
  ) {
    this.size = Math.max(1, options.cache ?? 16);
    if (options.check) this.check = new Check();
  }

  call(values: unknown[]): unknown {
    this.calls++;
    const native = inside() ? undefined : backendOrReason(this);
    if (native === undefined) return this.step(...values);
    const leaves: Leaves = { tensors: [], numbers: [] };
    const program = this.find(values, leaves);
    if (program === undefined) return this.record(native, values);
    if (!this.check?.due) return program.call(leaves);
    const { variables, assigned, recording } = program.trace;
    const involved = {
      variables: assigned.map(({ variable }) => variables[variable]),
      optimizers: recording.optimizers,
    };
    return this.check.run(this.step, values, involved, () => program.call(leaves));
  }

  scan(stacked: unknown[]): unknown {
    const rows = new Rows(stacked);
    const done: unknown[] = [];
    const leaves: Leaves = { tensors: [], numbers: [] };
    for (let i = 0; i < rows.count; i++) {
      const program = inside() || backendOrReason(this) === undefined ? undefined : this.find(stacked, leaves, 1);
      if (program !== undefined) {
        this.calls += rows.count - i;
        return rows.finish(done, i, (rest, count) => program.scan(rest, count));
      }
      const row = rows.at(i) as unknown[];
      try {
        done.push(this.call(row));
      } finally {
        tf.dispose(row as tf.TensorContainer);
      }
    }
    return rows.finish(done, rows.count);
  }

  opTimes(values: unknown[]): OpTime[] {
    const leaves: Leaves = { tensors: [], numbers: [] };
    const program = this.find(values, leaves);
    if (program === undefined) {
      throw new Error(
        "compiled step: opTimes() wants arguments like those of a call that was recorded, got others. " +
          (this.reason
            ? `There are no recordings here: ${this.reason}.`
            : "Call the step with them once or twice first."),
      );
    }
    return program.opTimes(leaves, PROFILED_RUNS);
  }

  /** @param lead axes in front of those that the recording has: 1 where many steps are stacked */
  private find(values: unknown[], leaves: Leaves, lead = 0): Program | undefined {
    const { programs } = this;
    for (let i = 0; i < programs.length; i++) {
      leaves.tensors.length = leaves.numbers.length = 0;
      if (!fits(programs[i].trace.structure, values, leaves, lead)) continue;
      const [program] = i === 0 ? programs : programs.splice(i, 1);
      if (program.replay.valid()) {
        if (i > 0) programs.unshift(program);
        return program;
      }
      if (i === 0) programs.shift();
      program.dispose();
      return undefined;
    }
    return undefined;
  }

  private get precision(): Precision {
    return precisionHere(this.options.precision ?? "float32");
  }

  private record(native: NativeBackend, values: unknown[]): unknown {
    const started = performance.now();
    recording = true;
    try {
      const { precision } = this;
      const { xla = false } = this.options;
      const { value, built, made } = trace(native, this.step, values, (trace) => {
        checkFixed(this.programs, trace.structure);
        return new Program(native, trace, { xla, precision }, started);
      });
      if (built === undefined) {
        if (++this.warmUps >= PATIENCE) throw newVariables(made);
        return value;
      }
      this.warmUps = 0;
      this.programs.unshift(built);
      this.recordings++;
      while (this.programs.length > this.size) this.programs.pop()!.dispose();
      return value;
    } finally {
      recording = false;
    }
  }

  stats(): CompileStats {
    const { recordings, calls, programs, reason } = this;
    return {
      compiled: reason === undefined,
      reason,
      recordings,
      calls,
      precision: this.precision,
      cache: programs.map((program) => program.stats()),
      check: this.check?.report(),
    };
  }

  graph(): RecordedOp[] {
    const { programs, reason } = this;
    if (programs.length > 0) return recordedOps(programs[0].replay);
    throw new Error(
      reason === undefined
        ? "graph() of a compiled step: nothing is recorded yet. Remedy: call the step first, twice where its first call makes an optimizer's slots."
        : `graph() of a compiled step: it is not recorded, because ${reason}.`,
    );
  }

  dispose(): void {
    for (const program of this.programs) program.dispose();
    this.programs = [];
  }

  because(reason: string): void {
    this.reason = reason;
  }
}

/** True while any compiled function records: those that it calls become part of it. */
let recording = false;

/** Where a replay would be wrong: a gradient tape could not see through it, and a recording takes in the plain function. */
function inside(): boolean {
  const { state } = tf.engine() as unknown as { state: { gradientDepth: number } };
  return recording || state.gradientDepth > 0;
}

let said = false;

function backendOrReason(step: CompiledStep): NativeBackend | undefined {
  const native = process.env.NABLAB_COMPILE === "0" ? undefined : nativeBackend();
  if (native !== undefined) return native;
  const reason =
    process.env.NABLAB_COMPILE === "0"
      ? "NABLAB_COMPILE=0"
      : tf.getBackend() === "tensorflow"
        ? "TensorFlow.js' binding is the stock one, which cannot define functions; npm run setup builds nablab's"
        : `the backend is ${tf.getBackend()}, and only native TensorFlow can`;
  step.because(reason);
  if (!said) console.warn(`nablab: compile() runs steps as they are: ${reason}.`);
  said = true;
  return undefined;
}

function newVariables(variables: tf.Variable[]): CompileError {
  return new CompileError(
    `the making of variables at every call (${variables
      .map(({ name }) => name)
      .join(", ")
      .slice(0, 200)})`,
    "a recording can update variables, not make them",
    "Make variables, layers and optimizers once, outside of the step",
  );
}

function checkFixed(programs: Program[], structure: Structure): void {
  const hasFixed = (part: Structure): boolean =>
    part.kind === "number" ? part.fixed !== undefined : "items" in part && part.items.some(hasFixed);
  if (!hasFixed(structure)) return;
  if (programs.filter(({ trace: { structure: other } }) => hasFixed(other)).length < MOST_FIXED) return;
  throw new CompileError(
    "a number among the arguments",
    `it decides which ops run or how (a shape, an axis, an attribute), and has had ${MOST_FIXED} values already, each with a recording of its own`,
    "Pass it as a tensor, or compute with tensor ops on it",
  );
}
