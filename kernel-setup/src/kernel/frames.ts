import type { Sources } from "./errors";

/** One line of a stack trace; `place` is set where it lies in a cell. */
export interface Frame {
  text: string;
  place: { count: number; line: number; column: number } | null;
}

const CELL_FRAME = /nablab-cell-(\d+)\.ts:(\d+):(\d+)/;
/** Whether a stack trace leads through a cell. */
export const hasCellFrame = (stack: string): boolean => CELL_FRAME.test(stack);

/** The kernel's own program, whose frames tell a learner nothing. */
const KERNEL = [__dirname, "/node_modules/tslab/", "node:internal/", "node:vm", "node:async_hooks"];

/** The frames of a stack trace, without those of the kernel, and with those of cells led back to the cell's lines. */
export function cellFrames(stack: string, sources: Sources): Frame[] {
  const frames: Frame[] = [];
  for (const line of stack.split("\n")) {
    const text = line.trim();
    if (!text.startsWith("at ")) continue;
    const match = CELL_FRAME.exec(text);
    if (match === null) {
      if (!KERNEL.some((part) => text.includes(part)) && !/<anonymous>\)?$/.test(text))
        frames.push({ text, place: null });
      continue;
    }
    const count = Number(match[1]);
    const found = sources.map(count)?.original({ line: Number(match[2]), column: Number(match[3]) });
    if (!found) continue;
    const name = /^at (?:async )?(?:new )?([^\s(]+) \(/.exec(text)?.[1];
    const where = `cell [${count}], line ${found.line}, column ${found.column}`;
    frames.push({
      text: name === undefined || name.includes("nablab-cell") ? `at ${where}` : `at ${name} (${where})`,
      place: { count, ...found },
    });
  }
  return frames;
}
