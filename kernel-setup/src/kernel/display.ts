import { type Cell, currentCell } from "./cell";
import type { Output } from "./output";
import { encodeBundle } from "./rich/bundle";
import type { DisplayContent, Tslab } from "./tslab";

export interface DisplayOptions {
  /** Names the display, so that it can be updated. */
  displayId?: string;
  /** Whether a display of that name is replaced instead of a new one made. @default false */
  update?: boolean;
  metadata?: Record<string, unknown>;
}

/** What the library finds under `Symbol.for("nablab.kernel")`. */
export interface KernelSeam {
  /** Shows a MIME bundle in the running cell. Binary data may be given as `Uint8Array`. */
  display(data: Record<string, unknown>, options?: DisplayOptions): void;
  /** Aborted by Stop; a fresh one for every cell. */
  readonly signal: AbortSignal;
  /** The number in the brackets before the running cell. */
  readonly executionCount: number;
}

/**
 * Opens the two ways by which code shows rich output: the library's, and `import { display } from "tslab"`.
 *
 * @param listen Gives the signal of a cell to code that will end in order when it is aborted.
 * @throws Error when something is shown before the first cell.
 */
export function openDisplay(output: Output, { jupyter }: Tslab, listen: (cell: Cell) => AbortSignal): void {
  const show = (content: DisplayContent, update: boolean) => {
    const cell = currentCell();
    if (cell === null) throw new Error("display: there is no cell yet to show anything in");
    const { data, metadata = {}, transient = {} } = content;
    output.publish(cell, update ? "update_display_data" : "display_data", {
      data: encodeBundle(data),
      metadata,
      transient,
    });
  };
  const seam: KernelSeam = {
    display(data, { displayId, update = false, metadata = {} } = {}) {
      if (update && displayId === undefined) throw new Error("display: update needs the displayId of what it replaces");
      show({ data, metadata, transient: displayId === undefined ? {} : { display_id: displayId } }, update);
    },
    get signal() {
      const cell = currentCell();
      if (cell === null) return new AbortController().signal;
      return listen(cell);
    },
    get executionCount() {
      return currentCell()?.count ?? 0;
    },
  };
  Object.defineProperty(globalThis, Symbol.for("nablab.kernel"), { value: seam });
  jupyter.lastWriteDisplayData = (content, update = false) => show(content, update);
}
