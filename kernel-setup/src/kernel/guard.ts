import { currentCell } from "./cell";

/** How long after Stop a promise may take to end in order, in milliseconds. */
const GRACE = 400;

/**
 * What an `await` in a cell waits for: the value, or Stop.
 *
 * Stop makes the `await` throw a KeyboardInterrupt, so `finally` blocks run and loops end. Where code that listens to
 * the cell's signal is at work, such as a training, its promise has a moment to settle by itself: so the history of
 * a stopped training still reaches its variable.
 *
 * @param isStopping Whether a Stop is on its way that the event loop has not brought yet: a loop over awaits that
 *   are always ready never lets the event loop run.
 * @throws KeyboardInterrupt after Stop.
 */
export function guard<T>(value: T, isStopping: () => boolean): T | Promise<Awaited<T>> {
  const cell = currentCell();
  if (cell === null) return value;
  if (isStopping()) cell.interrupt();
  cell.signal.throwIfAborted();
  if (typeof (value as { then?: unknown } | null)?.then !== "function") return value;
  const promise = value as PromiseLike<Awaited<T>>;
  return new Promise<Awaited<T>>((resolve, reject) => {
    // The plain `resolve` and `reject` matter: through them V8 finds the cell when it writes a stack trace.
    promise.then(resolve, reject);
    const stop = () => {
      const end = () => reject(cell.signal.reason as Error);
      if (cell.listens) setTimeout(end, GRACE);
      else end();
    };
    const forget = () => cell.waiting.delete(stop);
    cell.waiting.add(stop);
    promise.then(forget, forget);
  });
}

/** What a `for await` in a cell runs over: each step is guarded, and after Stop the source is closed. */
export async function* guardAll<T>(
  source: AsyncIterable<T> | Iterable<T | PromiseLike<T>>,
  isStopping: () => boolean,
): AsyncGenerator<Awaited<T>> {
  const iterator =
    Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : (source[Symbol.iterator]() as Iterator<T>);
  let done = false;
  try {
    for (;;) {
      const next = await guard(iterator.next(), isStopping);
      if (next.done === true) {
        done = true;
        return;
      }
      yield await guard(next.value as T, isStopping);
    }
  } finally {
    if (!done) void iterator.return?.();
  }
}
