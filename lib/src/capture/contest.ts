/** Calls of each way that are measured, after one more that pays for the set-up. */
const MEASURED_CALLS = 3;

/** Finds out for `xla: "auto"` whether XLA is faster: the first calls take turns, then the better way is kept. */
export class Contest {
  private readonly times: { plain: number[]; xla: number[] } = { plain: [], xla: [] };

  /** @param winner whether XLA has won, where that is known before */
  constructor(public winner?: boolean) {}

  /** Whether the next call is XLA's. */
  next(): boolean {
    return this.winner ?? this.times.xla.length < this.times.plain.length;
  }

  /** Takes in the milliseconds of a call. */
  add(xla: boolean, elapsed: number): void {
    if (this.winner !== undefined) return;
    const { times } = this;
    times[xla ? "xla" : "plain"].push(elapsed);
    if (Math.min(times.plain.length, times.xla.length) <= MEASURED_CALLS) return;
    const best = (values: number[]): number => Math.min(...values.slice(1));
    this.winner = best(times.xla) < best(times.plain);
  }
}
