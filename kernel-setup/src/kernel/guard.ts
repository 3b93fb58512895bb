import { type Cell, currentCell, KeyboardInterrupt } from "./cell";
import { hasCellFrame } from "./frames";
import { Shared } from "./protocol";

/** How long after Stop a promise may take to end in order, in milliseconds. */
const GRACE = 400;

/**
 * What an `await` in a cell waits for: the value, or Stop.
 *
 * Stop makes the `await` throw a KeyboardInterrupt, so `finally` blocks run and loops end. Where code that listens to
 * the cell's signal is at work, such as a training, its promise has a moment to settle by itself: so the history of
 * a stopped training still reaches its variable.
 *
 * @throws KeyboardInterrupt after Stop.
 */
function guard<T>(value: T): T | Promise<Awaited<T>> {
  const cell = currentCell();
  if (cell === null) return value;
  cell.signal.throwIfAborted();
  if (typeof (value as { then?: unknown } | null)?.then !== "function") return value;
  const promise = value as PromiseLike<Awaited<T>>;
  let stop = () => {};
  const settled = new Promise<Awaited<T>>((resolve, reject) => {
    // The plain `resolve` and `reject` matter, and that nothing else hears of the promise: through them V8 finds the cell
    // when it writes a stack trace.
    promise.then(resolve, reject);
    stop = () => {
      const end = () => reject(cell.signal.reason as Error);
      if (cell.listens) setTimeout(end, GRACE);
      else end();
    };
  });
  cell.waiting.add(stop);
  return waitFor(settled, () => cell.waiting.delete(stop));
}

/**
 * Waits for a promise, and does what is to be done once it has settled. An error whose stack knows no cell gets the
 * frames that lead to the `await`: Node's own asynchronous functions give none from version 26 on. They are made only
 * once the promise has failed, since V8 knows then who waits for an async function.
 */
async function waitFor<T>(promise: Promise<T>, settled: () => void): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Error && typeof error.stack === "string" && !hasCellFrame(error.stack)) {
      const frames = new Error().stack?.split("\n").slice(1) ?? [];
      // Fails without a word on a frozen error, which then stays as it was.
      Reflect.set(error, "stack", [error.stack, ...frames].join("\n"));
    }
    throw error;
  } finally {
    settled();
  }
}

/** What a `for await` in a cell runs over: each step is guarded, and after Stop the source is closed. */
async function* guardAll<T>(source: AsyncIterable<T> | Iterable<T | PromiseLike<T>>): AsyncGenerator<Awaited<T>> {
  const iterator =
    Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : (source[Symbol.iterator]() as Iterator<T>);
  let done = false;
  try {
    for (;;) {
      const next = await guard(iterator.next());
      if (next.done === true) {
        done = true;
        return;
      }
      yield await guard(next.value as T);
    }
  } finally {
    if (!done) void iterator.return?.();
  }
}

/** What the code that `rewrite.ts` puts into cells calls. */
export interface Guards {
  shared: Int32Array;
  guard: typeof guard;
  guardAll: typeof guardAll;
  /** Called by a loop or function that sees Stop in the shared memory. */
  stop(): void;
  /** The signal of a cell, for code that listens to it; up to date also where the event loop stands still. */
  listen(cell: Cell): AbortSignal;
}

/** @param shared The memory through which the wire thread tells of Stop: an endless loop hears of nothing else. */
export function makeGuards(shared: Int32Array): Guards {
  const stop = (): void => {
    const cell = currentCell();
    cell?.interrupt();
    // A training that listens ends by itself; an error out of its callback would cost its history.
    if (cell?.listens && performance.now() - cell.interruptedAt < GRACE) return;
    Atomics.store(shared, Shared.interrupt, 0);
    throw cell?.signal.reason ?? new KeyboardInterrupt();
  };
  const listen = (cell: Cell): AbortSignal => {
    cell.listens = true;
    if (Atomics.load(shared, Shared.interrupt) === 1) cell.interrupt();
    return cell.signal;
  };
  return { shared, guard, guardAll, stop, listen };
}
