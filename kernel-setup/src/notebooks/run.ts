/** Runs a notebook from top to bottom on the course's kernel. */
import { dirname } from "node:path";
import { KernelClient, type Reply } from "./client";
import { newId, type Message } from "./message";
import { codeCells, place, type CodeCell, type Notebook } from "./notebook";
import { OutputCollector, settleOutputs, type Output } from "./outputs";

export interface CellRun {
  cell: CodeCell;
  reply: Reply;
  /** Settled; updates that later cells make are in it once the run has ended. */
  outputs: Output[];
  seconds: number;
}

export interface RunOptions {
  root: string;
  /** Shortens loops through `NABLAB_FAST=1`. @default false */
  fast?: boolean;
  env?: Record<string, string>;
  /** Milliseconds that one cell may take. @default no limit */
  timeout?: number;
  /** Told before and after each cell. */
  onCell?: (cell: CodeCell, run?: CellRun) => void;
  /** Interrupts the running cell and ends the run. */
  signal?: AbortSignal;
}

/** A cell that failed: the message has the cell, and the traceback as the kernel sent it. */
export class CellError extends Error {
  override name = "CellError";
  constructor(
    readonly cell: CodeCell,
    where: string,
    readonly reply: Reply,
  ) {
    const { status, ename, evalue, traceback } = reply;
    const text = traceback?.length ? traceback.join("\n") : `${ename}: ${evalue}`;
    super(status === "error" ? `${where} failed\n${text}` : `${where} was ${status}: it did not run`);
  }
}

/** A kernel with a notebook on it: cells, or other code, can be run one by one. */
export class NotebookRun {
  private readonly collector = new OutputCollector();
  private readonly byRequest = new Map<string, Output[]>();

  private constructor(
    readonly notebook: Notebook,
    private readonly client: KernelClient,
    private readonly options: RunOptions,
  ) {}

  /** Starts a kernel in the folder of the notebook. End it with {@link NotebookRun.close}. */
  static async start(notebook: Notebook, options: RunOptions): Promise<NotebookRun> {
    // As Jupyter's server does: a cell can know by it in which notebook it stands.
    const env = { JPY_SESSION_NAME: notebook.path, NABLAB_FAST: options.fast ? "1" : "0", ...options.env };
    const client = await KernelClient.start({ root: options.root, cwd: dirname(notebook.path), env });
    const run = new NotebookRun(notebook, client, options);
    options.signal?.addEventListener("abort", () => client.interrupt(), { once: true });
    return run;
  }

  /** Runs `code`, by default the cell's own, and says how it ended; an error of the cell is no exception here. */
  async execute(cell: CodeCell, code = cell.source): Promise<CellRun> {
    const id = newId();
    const outputs: Output[] = [];
    this.byRequest.set(id, outputs);
    // A timer of an earlier cell may print while this one runs: its output belongs to the cell it came from.
    const onMessage = (message: Message) => this.collector.add(this.byRequest.get(message.parent) ?? outputs, message);
    const start = performance.now();
    const reply = await this.client.execute(code, { id, onMessage, timeout: this.options.timeout });
    const seconds = (performance.now() - start) / 1000;
    return { cell, reply, outputs, seconds };
  }

  /** What the library says it runs on; `"CPU"` if the notebook never loaded it. */
  async device(): Promise<string> {
    const code = 'console.log((globalThis as Record<symbol, unknown>)[Symbol.for("nablab.device")] ?? "CPU")';
    let text = "";
    const onMessage = ({ type, content }: Message) => {
      if (type === "stream" && content.name === "stdout") text += String(content.text);
    };
    await this.client.execute(code, { onMessage });
    return text.trim();
  }

  /** What the notebook's metadata says about the kernel. */
  get metadata(): Record<string, unknown> {
    return this.client.metadata;
  }

  async close(): Promise<void> {
    await this.client.shutdown();
  }
}

export interface FinishedRun {
  cells: CellRun[];
  device: string;
  /** The notebook's `kernelspec` and `language_info`. */
  metadata: Record<string, unknown>;
  /** From the first cell to the end of the last one. */
  seconds: number;
}

/**
 * Runs all code cells.
 *
 * @throws CellError at the first cell whose reply is not `ok`. The kernel is ended in any case.
 */
export async function runNotebook(notebook: Notebook, options: RunOptions): Promise<FinishedRun> {
  const run = await NotebookRun.start(notebook, options);
  const cells: CellRun[] = [];
  try {
    for (const cell of codeCells(notebook)) {
      options.onCell?.(cell);
      options.signal?.throwIfAborted();
      const done = await run.execute(cell);
      options.signal?.throwIfAborted();
      if (done.reply.status !== "ok") throw new CellError(cell, place(notebook, cell), done.reply);
      cells.push(done);
      options.onCell?.(cell, done);
    }
    const device = await run.device();
    const seconds = cells.reduce((sum, done) => sum + done.seconds, 0);
    return {
      cells: cells.map((done) => ({ ...done, outputs: settleOutputs(done.outputs) })),
      device,
      seconds,
      metadata: run.metadata,
    };
  } finally {
    await run.close();
  }
}
