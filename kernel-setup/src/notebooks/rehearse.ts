/**
 * A notebook from top to bottom in fast mode, with every exercise tried in all directions: the stub is not accepted and
 * says so, typical wrong answers fail, the solution passes. Then the stub is put back, so that the rest of the notebook
 * runs as it does for a learner who has solved nothing.
 */
import { readExercises, reportedState, type Exercise, type ExerciseState } from "./exercises";
import { codeCells, place, type CodeCell, type Notebook } from "./notebook";
import { settleOutputs, type Output } from "./outputs";
import { bandProblems } from "./results";
import { NotebookRun, type CellRun, type RunOptions } from "./run";

export interface Rehearsal {
  /** What a learner would stumble over; empty if the notebook is sound. */
  problems: string[];
  /** What the cells of the page put out. */
  outputs: Map<CodeCell, Output[]>;
  seconds: number;
}

const plainText = (outputs: Output[]): string =>
  outputs
    .map((output) => {
      if (output.output_type === "stream") return output.text;
      return "data" in output ? String(output.data["text/plain"] ?? "") : `${output.ename}: ${output.evalue}`;
    })
    .join("\n")
    .trim();

/** Runs the notebook as described above. The kernel is ended in any case. */
export async function rehearse(notebook: Notebook, options: RunOptions): Promise<Rehearsal> {
  const { exercises, problems: incomplete } = readExercises(notebook);
  const problems = [...incomplete];
  const outputs = new Map<CodeCell, Output[]>();
  const start = performance.now();
  const run = await NotebookRun.start(notebook, { fast: true, ...options });
  try {
    for (const cell of codeCells(notebook)) {
      const exercise = exercises.find(({ stub }) => stub === cell);
      if (exercise) problems.push(...(await rehearseExercise(run, exercise)));
      const done = await run.execute(cell);
      outputs.set(cell, done.outputs);
      problems.push(...failure(notebook, done));
      const checked = exercises.find(({ check }) => check === cell);
      if (checked) problems.push(...unsolved(notebook, checked, done));
    }
  } finally {
    await run.close();
  }
  for (const [cell, collected] of outputs) {
    outputs.set(cell, settleOutputs(collected));
    problems.push(...bandProblems(notebook, cell, collected, "fast"));
  }
  return { problems, outputs, seconds: (performance.now() - start) / 1000 };
}

function failure(notebook: Notebook, { cell, reply }: CellRun, what = ""): string[] {
  if (reply.status === "ok") return [];
  const why =
    reply.status === "error" ? [`${reply.ename}: ${reply.evalue}`, ...(reply.traceback ?? [])].join("\n") : "";
  return [`${place(notebook, cell)}${what}: the reply is "${reply.status}" ${why}`.trimEnd()];
}

function unsolved(notebook: Notebook, { id, check }: Exercise, { outputs, reply }: CellRun): string[] {
  if (reply.status !== "ok") return [];
  const at = `${place(notebook, check)}: the check of "${id}"`;
  const state = reportedState(outputs, id);
  if (state !== "untouched") return [`${at} says ${state ?? "nothing"} about the untouched stub`];
  return plainText(outputs) === "" ? [`${at} does not tell the learner that it is unsolved`] : [];
}

/** Typical wrong answers and the solution, each run in place of the stub and then checked. */
async function rehearseExercise(run: NotebookRun, exercise: Exercise): Promise<string[]> {
  const { notebook } = run;
  const { id, stub, check, solution, wrong } = exercise;
  const attempt = async (answer: string, what: string, wanted: ExerciseState): Promise<string[]> => {
    const answered = await run.execute(stub, answer);
    if (answered.reply.status !== "ok") return failure(notebook, answered, `: ${what} of "${id}"`);
    const checked = await run.execute(check);
    if (checked.reply.status !== "ok") return failure(notebook, checked, `: the check of "${id}" with ${what}`);
    const state = reportedState(checked.outputs, id);
    const at = `${place(notebook, check)}: the check of "${id}" with ${what}`;
    if (state !== wanted) return [`${at} says ${state ?? "nothing"}, not ${wanted}: ${plainText(checked.outputs)}`];
    return plainText(checked.outputs) === "" ? [`${at} gives no message`] : [];
  };
  const problems: string[] = [];
  for (const [i, answer] of wrong.entries())
    problems.push(...(await attempt(answer, `wrong answer ${i + 1}`, "failed")));
  problems.push(...(await attempt(solution, "the solution", "passed")));
  return problems;
}
