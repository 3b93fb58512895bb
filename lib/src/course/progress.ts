import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { display } from "../display";
import { box, escape, escapeMarkdown, markdownTable, table, textTable, toned } from "./html";
import { passedExercises } from "./progress-file";

/** An exercise as it stands in a notebook. */
interface Listed {
  lesson: string;
  id: string;
  title: string;
  difficulty: string;
}

/**
 * Shows which exercises are done. The list comes from the notebooks in the working folder, what is done from the checks.
 *
 * @param lesson the start of a notebook's name, "01"; by default the notebook that is open, or all where that is not known
 * @throws RangeError where no notebook starts so
 */
export function progress(lesson?: string): void {
  const notebooks = listNotebooks(lesson);
  const passed = passedExercises();
  const exercises = notebooks.flatMap(readListed);
  const done = exercises.filter(({ id }) => id in passed).length;
  const verdict =
    exercises.length === 0
      ? "No exercises here."
      : `${done} of ${exercises.length} exercises done${done === exercises.length ? ": all of them" : ""}.`;
  const several = new Set(exercises.map((exercise) => exercise.lesson)).size > 1;
  const head = ["", ...(several ? ["lesson"] : []), "exercise", "difficulty"];
  const rows = exercises.map(({ lesson: name, id, title, difficulty }) => [
    id in passed ? "✓" : "○",
    ...(several ? [name] : []),
    ...[title, difficulty],
  ]);
  const tone = done === exercises.length && done > 0 ? "good" : "open";
  const escaped = (cell: (text: string) => string) => rows.map((row) => row.map(cell));
  display({
    "text/html": box(tone, toned(tone, verdict) + (rows.length > 0 ? table(head, escaped(escape)) : "")),
    "text/markdown": [`**${verdict}**`, rows.length > 0 ? markdownTable(head, escaped(escapeMarkdown)) : ""]
      .join("\n\n")
      .trim(),
    "text/plain": [verdict, rows.length > 0 ? textTable(head, rows) : ""].join("\n").trim(),
  });
}

function listNotebooks(lesson?: string): string[] {
  const all = readdirSync(process.cwd())
    .filter((name) => name.endsWith(".ipynb"))
    .sort();
  // Jupyter tells a kernel the path of its notebook this way.
  const open = basename(process.env.JPY_SESSION_NAME ?? "");
  if (lesson === undefined) return all.includes(open) ? [open] : all;
  const found = all.filter((name) => name.startsWith(lesson));
  if (found.length > 0) return found;
  throw new RangeError(
    `progress() found no notebook that starts with ${JSON.stringify(lesson)}. There are: ${all.join(", ") || "none"}.`,
  );
}

interface TaskCell {
  source: string | string[];
  metadata?: { nablab?: { exercise?: string; role?: string } };
}

function readListed(name: string): Listed[] {
  const { cells } = JSON.parse(readFileSync(join(process.cwd(), name), "utf8")) as { cells: TaskCell[] };
  return cells.flatMap(({ source, metadata }) => {
    const { exercise: id, role } = metadata?.nablab ?? {};
    if (id === undefined || role !== "task") return [];
    const text = Array.isArray(source) ? source.join("") : source;
    const title = /^#+\s*(.+)$/m.exec(text)?.[1] ?? id;
    return [{ lesson: name.replace(/\.ipynb$/, ""), id, title, difficulty: /[●○]{2,5}/.exec(text)?.[0] ?? "" }];
  });
}
