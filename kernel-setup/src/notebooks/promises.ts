/** Promises that a cell neither awaits nor keeps: their errors would surface in another cell, or nowhere. */
import { dirname } from "node:path";
import { Linter } from "eslint";
import tseslint from "typescript-eslint";
import type ts from "typescript";
import { locate, type CellsFile, type Problem } from "./program";

/** Floating promises and promises in the place of a condition, by typescript-eslint over the joined cells. */
export function floatingPromises(program: ts.Program, file: CellsFile): Problem[] {
  if (file.problems.length > 0) return [];
  const linter = new Linter({ configType: "flat", cwd: dirname(file.path) });
  const found = linter.verify(
    file.text,
    {
      files: ["**/*.ts"],
      languageOptions: {
        parser: tseslint.parser as Linter.Parser,
        parserOptions: { programs: [program] },
      },
      plugins: { "@typescript-eslint": tseslint.plugin as never },
      rules: {
        "@typescript-eslint/no-floating-promises": "error",
        "@typescript-eslint/no-misused-promises": "error",
        "@typescript-eslint/await-thenable": "error",
      },
    },
    { filename: file.path },
  );
  return found.map(({ line, message }) => ({ notebook: file.notebook, ...locate(file, line - 1), message }));
}
