import { type Cell, KeyboardInterrupt, runIn } from "./cell";
import type { Compiler } from "./compile";
import { describe, describeDiagnostics, type ErrorContent, type Sources } from "./errors";
import type { Output } from "./output";
import { Section, Shared } from "./protocol";
import { render } from "./rich";
import { encodeBundle } from "./rich/bundle";
import type { Executor } from "./tslab";
import type { Wire } from "./wire";

/** How a cell ended. */
export type Outcome = { ok: true } | { ok: false; error: ErrorContent };

/** Runs one cell after another through tslab's executor, and tells how each ended. */
export class Execution implements Sources {
  readonly executor: Executor;
  private cell: Cell | null = null;
  private thrown: unknown;
  private result: { value: unknown } | null = null;
  private readonly background = new Set<Cell>();
  private readonly cells = new Map<number, string>();

  constructor(
    private readonly compiler: Compiler,
    private readonly output: Output,
    private readonly wire: Wire,
    createExecutor: (console: { log(value: unknown): void; error(value: unknown): void }) => Executor,
  ) {
    this.executor = createExecutor({
      log: (value) => (this.result = { value }),
      error: (value) => (this.thrown = value),
    });
  }

  /** The cell that runs now. */
  get running(): Cell | null {
    return this.cell;
  }

  source(count: number): string | undefined {
    return this.cells.get(count);
  }

  map(count: number) {
    return this.compiler.maps.get(count);
  }

  /** Runs a cell to its end: its code, the promises that failed by then, and the view of its result. */
  async run(cell: Cell): Promise<Outcome> {
    this.cell = cell;
    this.cells.set(cell.count, cell.source);
    this.thrown = undefined;
    this.result = null;
    this.compiler.begin(cell.count);
    const running = runIn(cell, () => this.executor.execute(cell.source));
    this.enter(Section.rest);
    const ok = await running.catch((error: unknown) => {
      this.thrown = error;
      return false;
    });
    this.enter(Section.kernel);
    this.heard();
    // Promises that have failed by now are reported after this turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    this.compiler.end(ok, this.executor.locals);
    let error: ErrorContent | null = null;
    if (cell.signal.aborted) {
      error = describe(this.thrown instanceof KeyboardInterrupt ? this.thrown : cell.signal.reason, this);
    } else if (!ok) {
      error = this.failure(cell);
    } else if (cell.stray.size > 0) {
      error = describe([...cell.stray.values()][0], this);
    } else if (this.compiler.diagnostics.length > 0) {
      error = describeDiagnostics(this.compiler.diagnostics, cell.source);
    } else {
      error = await this.show(cell).catch((problem: unknown) => describe(problem, this));
    }
    this.cell = null;
    cell.running = false;
    if (cell.waiting.size > 0) this.background.add(cell);
    if (error === null) return { ok: true };
    this.output.publish(cell, "error", error);
    return { ok: false, error };
  }

  /** Ends a cell that is not run with an error. */
  fail(cell: Cell, thrown: unknown): Outcome {
    cell.running = false;
    const error = describe(thrown, this);
    this.output.publish(cell, "error", error);
    return { ok: false, error };
  }

  /** The value of an expression as the protocol wants it for `user_expressions`. */
  async evaluate(cell: Cell): Promise<Record<string, unknown>> {
    const outcome = await this.run(cell);
    if (!outcome.ok) return { status: "error", ...outcome.error };
    const { data, metadata } = await render(this.result?.value);
    return { status: "ok", data: encodeBundle(data), metadata };
  }

  /** Stop: aborts the signal of the running cell, and of cells that have ended but left something waiting. */
  interrupt(): void {
    // Loops of a cell that is given time to end in order must still hear of Stop when that time is over.
    if (this.cell?.listens !== true) this.heard();
    for (const cell of this.background) cell.interrupt();
    this.background.clear();
    this.cell?.interrupt();
  }

  /** An error that no code was there to catch: it fails its cell, or shows there when the cell has ended. */
  stray(cell: Cell | null, key: unknown, error: unknown): void {
    if (cell === null) return this.output.log(describe(error, this).traceback.join("\n"));
    if (error instanceof KeyboardInterrupt) return;
    if (cell.running) cell.stray.set(key, error);
    else this.output.publish(cell, "error", describe(error, this));
  }

  /** Tells the wire whether the code that runs from now on can be stopped, and how. */
  enter(section: number): void {
    Atomics.store(this.wire.shared, Shared.section, section);
  }

  /** Takes Stop as done. */
  private heard(): void {
    Atomics.store(this.wire.shared, Shared.interrupt, 0);
  }

  private failure(cell: Cell): ErrorContent {
    if (this.compiler.diagnostics.length > 0) return describeDiagnostics(this.compiler.diagnostics, cell.source);
    const { thrown } = this;
    if ((thrown as { code?: unknown } | null)?.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED") {
      return describe(new KeyboardInterrupt(), this);
    }
    return describe(thrown, this);
  }

  /** Publishes the value of the last expression, where there is one. */
  private async show(cell: Cell): Promise<null> {
    if (cell.silent || this.result === null) return null;
    const { value } = this.result;
    const { data, metadata } = await runIn(cell, () => render(value));
    const content = { execution_count: cell.count, data: encodeBundle(data), metadata };
    this.output.publish(cell, "execute_result", content);
    return null;
  }
}
