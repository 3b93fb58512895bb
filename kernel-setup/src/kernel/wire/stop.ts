import { Session } from "node:inspector";
import { Section, Shared } from "../protocol";

/** How long the main thread may take to notice a Stop by itself, in milliseconds. */
const PATIENCE = 150;

/**
 * Stops the code that the main thread runs.
 *
 * The main thread is asked first: it aborts the cell's signal, and `await`s in the cell throw. Synchronous code
 * never gets to hear of that, so after a moment it is cut off through the inspector, which can end JavaScript
 * anywhere: also after an `await`, where a signal of the operating system ends nothing.
 */
export class Stop {
  private session: Session | null = null;
  private timer: NodeJS.Timeout | null = null;

  /**
   * @param shared The slots that both threads see.
   * @param ask Asks the main thread to stop by itself.
   * @param terminated Tells the main thread that its code was cut off.
   */
  constructor(
    private readonly shared: Int32Array,
    private readonly ask: () => void,
    private readonly terminated: () => void,
  ) {}

  /** Stops what runs; does nothing when nothing runs. */
  request(): void {
    Atomics.store(this.shared, Shared.interrupt, 1);
    this.ask();
    this.watch();
  }

  private watch(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = null;
      if (Atomics.load(this.shared, Shared.interrupt) === 0) return;
      if (Atomics.load(this.shared, Shared.section) === Section.cell) this.cut();
      else this.watch();
    }, PATIENCE);
  }

  private cut(): void {
    if (this.session === null) {
      this.session = new Session();
      this.session.connectToMainThread();
    }
    this.session.post("Runtime.terminateExecution", () => this.terminated());
  }
}
