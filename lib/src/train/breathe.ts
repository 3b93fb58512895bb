/** Milliseconds that a loop may hold the event loop: the notebook's Stop and its charts wait for so long at most. */
const HOLD = 25;

/** Makes a function that a long loop awaits in every turn: mostly it goes on at once, and now and then lets others work. */
export function breather(): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < HOLD) return undefined;
    return new Promise((resolve) =>
      setImmediate(() => {
        last = performance.now();
        resolve();
      }),
    );
  };
}
