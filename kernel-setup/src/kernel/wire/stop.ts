import { Section, Shared } from "../protocol";

/** How long the main thread may take to notice a Stop by itself, in milliseconds. */
const PATIENCE = 150;
/** After how many such times whoever pressed Stop is told why nothing happens. */
const TELL_AFTER = 10;

/**
 * Stops the code that the main thread runs.
 *
 * The code of cells listens: every loop and every function looks at the memory that both threads share, every
 * `await` is told by the event loop, and all of them throw an ordinary error. A call into a library that runs for
 * long hears of neither. Before the first `await` of a cell SIGINT ends it. After that only V8's termination could:
 * but it cuts off Node's own bookkeeping of asynchronous contexts too, and the process ends over that. So such a
 * call is left alone, the cell ends when it returns, and until then the learner is told.
 */
export class Stop {
  private timer: NodeJS.Timeout | null = null;

  /**
   * @param shared The slots that both threads see.
   * @param ask Asks the main thread to stop by itself.
   * @param tell Says why the code does not stop.
   */
  constructor(
    private readonly shared: Int32Array,
    private readonly ask: () => void,
    private readonly tell: () => void,
  ) {}

  /** Stops what runs; does nothing when nothing runs. */
  request(): void {
    Atomics.store(this.shared, Shared.interrupt, 1);
    this.ask();
    this.watch(1);
  }

  private watch(round: number): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = null;
      if (Atomics.load(this.shared, Shared.interrupt) === 0) return;
      if (Atomics.load(this.shared, Shared.section) === Section.start) process.kill(process.pid, "SIGINT");
      if (round === TELL_AFTER) this.tell();
      this.watch(round + 1);
    }, PATIENCE);
  }
}
