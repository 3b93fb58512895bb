import { type Cell, currentCell } from "./cell";
import type { Wire } from "./wire";

type Written = (error?: Error | null) => void;

/** Sends what cells show: text of `process.stdout` and `process.stderr`, and messages on iopub. */
export class Output {
  constructor(private readonly wire: Wire) {}

  /** Text goes to the cell that writes it, even when that cell has ended long ago. */
  captureStreams(): void {
    for (const name of ["stdout", "stderr"] as const) {
      const decoder = new TextDecoder();
      process[name].write = (
        chunk: string | Uint8Array,
        encoding?: BufferEncoding | Written,
        written?: Written,
      ): boolean => {
        const text = typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
        const cell = currentCell();
        if (text !== "" && cell?.silent !== true) {
          this.wire.post({ type: "stream", cell: cell?.id ?? 0, name, text });
        }
        const callback = typeof encoding === "function" ? encoding : written;
        // Streams that are piped here wait for this call before they send more.
        if (callback !== undefined) process.nextTick(callback);
        return true;
      };
    }
  }

  /** Publishes a message on iopub as output of a cell. */
  publish(cell: Cell, msgType: string, content: unknown): void {
    if (cell.silent) return;
    this.wire.post({ type: "publish", cell: cell.id, msgType, content: JSON.stringify(content) });
  }

  /** Keeps a line in the kernel's log file, out of the notebook. */
  log(text: string): void {
    this.wire.post({ type: "log", text });
  }
}
