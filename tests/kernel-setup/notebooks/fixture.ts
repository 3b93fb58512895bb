import { join } from "node:path";
import { expect } from "vitest";
import {
  readNotebook,
  type CellMarks,
  type CodeCell,
  type Notebook,
} from "../../../kernel-setup/src/notebooks/notebook";

export const root = join(__dirname, "../../..");
export const lessonPath = join(root, "tests/fixtures/notebooks/lesson.ipynb");

/** The sound lesson, with its cells altered by their ids. */
export function lesson(change: Record<string, string> = {}, marks: Record<string, CellMarks> = {}): Notebook {
  const notebook = readNotebook(lessonPath);
  for (const cell of notebook.cells) {
    if (cell.id in change) cell.source = change[cell.id];
    if (cell.id in marks) cell.metadata = { nablab: { ...cell.metadata.nablab, ...marks[cell.id] } };
  }
  const ids = notebook.cells.map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining([...Object.keys(change), ...Object.keys(marks)]));
  return notebook;
}

/** A notebook of code cells only, which lies in the folder of the lessons. */
export function notebookOf(...sources: string[]): Notebook {
  const cells = sources.map((source, i) => ({
    id: `cell-${i + 1}`,
    cell_type: "code" as const,
    source,
    metadata: {},
    outputs: [],
  }));
  return { path: join(root, "notebooks/99-test.ipynb"), cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
}

export const cellOf = (notebook: Notebook, id: string): CodeCell =>
  notebook.cells.find((cell) => cell.id === id) as CodeCell;
