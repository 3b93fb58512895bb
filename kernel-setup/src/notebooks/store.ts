/** Puts the outputs of a full run into the notebook's file. */
import { statSync } from "node:fs";
import { fillClaims } from "./claims";
import { codeCells, hashCells, isCode, readNotebook, writeNotebook, type Cell, type Notebook } from "./notebook";
import type { Output } from "./outputs";
import type { FinishedRun } from "./run";

/** Metadata of a cell that says something about it; the rest (timings, what is folded or selected) changes by itself. */
const kept = ["nablab", "tags", "slideshow", "jupyter"];

const cleanMetadata = ({ metadata }: Cell): Cell["metadata"] =>
  Object.fromEntries(Object.entries(metadata).filter(([key]) => kept.includes(key)));

const numbered = (outputs: Output[], count: number): Output[] =>
  outputs.map((output) => (output.output_type === "execute_result" ? { ...output, execution_count: count } : output));

/**
 * Writes the outputs, the run's marks and the measured numbers in the prose. The file is read again first: prose that
 * was corrected while the notebook ran is kept.
 *
 * @returns the notebook as it is now stored, and its size in bytes.
 * @throws Error if its code was changed during the run; the file is left as it is.
 */
export function storeRun(
  notebook: Notebook,
  { cells, device, seconds, metadata }: FinishedRun,
): { stored: Notebook; bytes: number } {
  const stored = readNotebook(notebook.path);
  if (hashCells(stored) !== hashCells(notebook)) {
    throw new Error(
      `${notebook.path} was changed while it ran: its outputs would not belong to its code; run it again`,
    );
  }
  const run = { cells: hashCells(stored), seconds: Math.round(seconds), device };
  stored.metadata = { ...metadata, nablab: run };
  for (const cell of stored.cells) {
    cell.metadata = cleanMetadata(cell);
    if (isCode(cell)) Object.assign(cell, { outputs: [], execution_count: null });
  }
  codeCells(stored).forEach((cell, i) => {
    Object.assign(cell, { outputs: numbered(cells[i].outputs, i + 1), execution_count: i + 1 });
  });
  fillClaims(stored, run);
  writeNotebook(stored);
  return { stored, bytes: statSync(notebook.path).size };
}
