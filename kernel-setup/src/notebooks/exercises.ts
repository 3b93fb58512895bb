/** Exercises as they stand in a notebook: four cells that belong together by their metadata (see notebook.ts). */
import { codeCells, place, type Cell, type CodeCell, type Notebook } from "./notebook";

/** What a check cell puts into its output. */
export const exerciseType = "application/vnd.nablab.exercise+json";

export type ExerciseState = "untouched" | "failed" | "passed";

export interface Exercise {
  id: string;
  task: Cell;
  stub: CodeCell;
  check: CodeCell;
  /** Code that solves it, from the fences of the solution's cell. */
  solution: string;
  /** Typical wrong answers, each in place of the stub. */
  wrong: string[];
}

/** Code in the ```ts fences of a Markdown text, one after the other. */
export const fencedCode = (markdown: string): string =>
  [...markdown.matchAll(/^```(?:ts|typescript)\n([\s\S]*?)^```/gm)].map(([, code]) => code.trimEnd()).join("\n");

const roles = ["task", "stub", "check", "solution"] as const;

/** Every exercise of the notebook, in reading order, and what is wrong with those that are incomplete. */
export function readExercises(notebook: Notebook): { exercises: Exercise[]; problems: string[] } {
  const marked = notebook.cells.filter(({ metadata }) => metadata.nablab?.exercise !== undefined);
  const ids = [...new Set(marked.map(({ metadata }) => metadata.nablab!.exercise!))];
  const read = ids.map((id) =>
    readExercise(
      notebook,
      id,
      marked.filter((c) => c.metadata.nablab!.exercise === id),
    ),
  );
  return {
    exercises: read.flatMap(({ exercise }) => (exercise ? [exercise] : [])),
    problems: [...unmarked(notebook), ...read.flatMap(({ problems }) => problems)],
  };
}

/** Cells that are of an exercise by what they say and have no role in one: nobody would try its answers. */
function unmarked(notebook: Notebook): string[] {
  const says = { markdown: /^### Exercise \d/m, code: /^await check\(/m, raw: /(?!)/ };
  return notebook.cells
    .filter((cell) => cell.metadata.nablab?.exercise === undefined && says[cell.cell_type].test(cell.source))
    .map((cell) => `${place(notebook, cell)}: looks like a cell of an exercise, and its metadata names none`);
}

function readExercise(notebook: Notebook, id: string, cells: Cell[]): { exercise?: Exercise; problems: string[] } {
  const at = `${place(notebook, cells[0])}: exercise "${id}"`;
  const found = roles.map((role) => cells.filter(({ metadata }) => metadata.nablab!.role === role));
  const counts = roles.flatMap((role, i) =>
    found[i].length === 1 ? [] : [`${at} has ${found[i].length} ${role} cells, not 1`],
  );
  if (counts.length > 0) return { problems: counts };

  const [task, stub, check, answer] = found.map(([cell]) => cell);
  const solution = fencedCode(answer.source);
  const wrong = [...(stub.metadata.nablab!.wrong ?? []), ...(check.metadata.nablab!.wrong ?? [])];
  const rules: [boolean, string][] = [
    [/\*\*Difficulty\*\*\s*[●○]{2,5}/.test(task.source), "does not say its difficulty (**Difficulty** ●●○)"],
    [/\*\*Time\*\*\s*\d+ min/.test(task.source), "does not say its time (**Time** 10 min)"],
    [
      /<details>\s*<summary>[^<]*Hint[^<]*<\/summary>[\s\S]*\S[\s\S]*<\/details>/i.test(task.source),
      "has no collapsed hint",
    ],
    [
      task.cell_type === "markdown" && answer.cell_type === "markdown",
      "must have its task and its solution in Markdown",
    ],
    [stub.cell_type === "code" && check.cell_type === "code", "must have its stub and its check in code cells"],
    [/^\s*<details>[\s\S]*<\/details>\s*$/.test(answer.source), "must have its solution inside <details>, collapsed"],
    [solution !== "", "has no code in a ```ts fence of its solution"],
    [wrong.length > 0, "has no typical wrong answer in the metadata of its check"],
    [inOrder(notebook, [task, stub, check]), "must have its task, its stub and right after it its check"],
  ];
  const problems = rules.flatMap(([holds, problem]) => (holds ? [] : [`${at} ${problem}`]));
  if (stub.cell_type !== "code" || check.cell_type !== "code") return { problems };
  return { exercise: { id, task, stub: stub as CodeCell, check: check as CodeCell, solution, wrong }, problems };
}

/** The task comes first, and nothing runs between the answer and its check. */
function inOrder(notebook: Notebook, [task, stub, check]: Cell[]): boolean {
  const code = codeCells(notebook) as Cell[];
  return notebook.cells.indexOf(task) < notebook.cells.indexOf(stub) && code.indexOf(check) === code.indexOf(stub) + 1;
}

/** The state that a check reports in its outputs, `undefined` if it reports none. */
export function reportedState(outputs: CodeCell["outputs"], id: string): ExerciseState | undefined {
  const reports = outputs.flatMap((output) => ("data" in output ? [output.data[exerciseType]] : []));
  const own = reports.filter((report) => (report as { id?: string } | undefined)?.id === id);
  return (own.at(-1) as { state?: ExerciseState } | undefined)?.state;
}

/** The code of the notebook with every stub replaced by its solution, cell by cell. */
export function solvedSources(notebook: Notebook): Map<CodeCell, string> {
  const { exercises } = readExercises(notebook);
  const solutions = new Map(exercises.map(({ stub, solution }) => [stub, solution]));
  return new Map(codeCells(notebook).map((cell) => [cell, solutions.get(cell) ?? cell.source]));
}
