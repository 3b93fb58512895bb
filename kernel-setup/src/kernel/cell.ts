import { AsyncLocalStorage } from "node:async_hooks";

/** What a cell ends with after Stop, and what an `await` in it throws. The name is Jupyter's own for this. */
export class KeyboardInterrupt extends Error {
  override readonly name = "KeyboardInterrupt";

  constructor(message = "Stop was pressed.") {
    super(message);
  }
}

export interface CellOptions {
  /** Id of the request that asked for the run. */
  id: number;
  /** The number in the brackets before the cell. */
  count: number;
  source: string;
  /** Whether nothing of the run may be shown. */
  silent: boolean;
  /** Whether whoever asked for the run can answer questions. */
  allowInput: boolean;
}

/** One run of a cell, and everything that is known only of it. */
export class Cell {
  readonly id: number;
  readonly count: number;
  readonly source: string;
  readonly silent: boolean;
  readonly allowInput: boolean;
  readonly stop = new AbortController();
  /** Errors of promises that nobody awaited, and of callbacks; the first one fails the cell. */
  readonly stray = new Map<unknown, unknown>();
  /** Payloads of the reply: pages that the front end shows beside the notebook. */
  readonly payload: Record<string, unknown>[] = [];
  /** What waits in an `await` of the cell and is told of Stop. */
  readonly waiting = new Set<() => void>();
  /** Whether code that the cell runs has asked for its signal, and so may end in order by itself. */
  listens = false;
  /** When Stop came, as `performance.now()` tells it. */
  interruptedAt = Infinity;
  running = true;

  constructor({ id, count, source, silent, allowInput }: CellOptions) {
    this.id = id;
    this.count = count;
    this.source = source;
    this.silent = silent;
    this.allowInput = allowInput;
  }

  /** Aborted by Stop. */
  get signal(): AbortSignal {
    return this.stop.signal;
  }

  /** Aborts the signal and ends every `await` of the cell. */
  interrupt(): void {
    if (this.signal.aborted) return;
    this.interruptedAt = performance.now();
    this.stop.abort(new KeyboardInterrupt());
    for (const tell of [...this.waiting]) tell();
  }
}

const store = new AsyncLocalStorage<Cell>();
let newest: Cell | null = null;

/** Runs code as part of a cell: whatever it starts, however late, knows the cell it came from. */
export function runIn<T>(cell: Cell, code: () => T): T {
  newest = cell;
  return store.run(cell, code);
}

/** The cell that the running code came from; for code without one, the newest cell. */
export function currentCell(): Cell | null {
  return store.getStore() ?? newest;
}
