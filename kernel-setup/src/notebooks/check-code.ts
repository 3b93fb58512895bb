/** The code of notebooks before anything runs: strict types and no floating promise, as published and as solved. */
import { readExercises, solvedSources } from "./exercises";
import { codeCells, type Notebook } from "./notebook";
import { createCellsProgram, joinCells, typeErrors, type Problem } from "./program";
import { floatingPromises } from "./promises";

/** What is wrong with the code of the notebooks, in the order of the cells. One program serves them all. */
export function codeProblems(notebooks: Notebook[]): Problem[] {
  const files = notebooks.map((notebook) => ({
    published: joinCells(notebook, new Map(codeCells(notebook).map((cell) => [cell, cell.source]))),
    solved: readExercises(notebook).exercises.length
      ? joinCells(notebook, solvedSources(notebook), "solved")
      : undefined,
  }));
  const program = createCellsProgram(
    files.flatMap(({ published, solved }) => (solved ? [published, solved] : [published])),
  );
  return files.flatMap(({ published, solved }) => {
    const found = [...typeErrors(program, published), ...floatingPromises(program, published)];
    const known = new Set(found.map(({ cell, message }) => `${cell.id} ${message}`));
    const withSolutions = solved ? [...typeErrors(program, solved), ...floatingPromises(program, solved)] : [];
    const fresh = withSolutions.filter(({ cell, message }) => !known.has(`${cell.id} ${message}`));
    return [
      ...found,
      ...fresh.map((problem) => ({ ...problem, message: `with the solutions in place: ${problem.message}` })),
    ];
  });
}
