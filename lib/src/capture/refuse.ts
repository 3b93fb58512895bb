/** Thrown where a function cannot be recorded without changing what it computes. */
export class CompileError extends Error {
  override readonly name = "CompileError";
  constructor(
    /** What stands in the way: an op or a kind of use, such as `dataSync()` or `Where`. */
    readonly op: string,
    /** Why a recording would go wrong. */
    readonly reason: string,
    /** What to write instead. */
    readonly remedy: string,
    /** The line of the user's own code, if the stack shows one. */
    readonly line?: string,
  ) {
    super(`compile() cannot record ${op}${line === undefined ? "" : ` at ${line}`}: ${reason}. ${remedy}.`);
  }
}

/** A place in the program. Creating one is cheap: V8 formats the stack only when it is read. */
export class Place {
  private readonly trace = new Error();

  /** The innermost frame outside of TensorFlow.js and of this library, as `file:line:column`. */
  line(): string | undefined {
    for (const frame of this.trace.stack?.split("\n").slice(1) ?? []) {
      const where = /\(?((?:file:\/\/)?[^()\s][^()]*:\d+:\d+)\)?$/.exec(frame.trim().replace(/^at /, ""))?.[1];
      if (where === undefined || OURS.test(where)) continue;
      const name = /^\s*at (?:async )?([^ (]+) \(/.exec(frame)?.[1];
      return name === undefined || name === "Object.<anonymous>" ? where : `${where} (${name})`;
    }
    return undefined;
  }
}

/** Frames of TensorFlow.js, of Node itself and of this library; a program's own `node_modules` are no user code either. */
const OURS = /node:|[\\/]node_modules[\\/]|[\\/]lib[\\/](src|dist)[\\/](capture|kernels|optim|train|tensorflow)\b/;

/** Runs `body` with stack traces deep enough to reach from a kernel up to the user's line. */
export function withDeepStacks<T>(body: () => T): T {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 60;
  try {
    return body();
  } finally {
    Error.stackTraceLimit = before;
  }
}
