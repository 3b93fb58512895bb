import type { ImportDeclaration, Statement } from "@tslab/typescript-for-tslab";
import type { TypeScript } from "./typescript";

/**
 * What every session knows from the start, as if an earlier cell had declared it: a notebook may declare the same
 * names anew. The values are in `globals.ts`.
 */
export const initialDeclarations = `
/**
 * Asks whoever runs the notebook for a line of text.
 *
 * @param prompt What is shown before the field.
 * @param options With \`password: true\` the answer is not shown while it is typed.
 * @returns The answer, without the line feed.
 */
declare function input(prompt?: string, options?: { password?: boolean }): Promise<string>;
/**
 * Takes away what the cell has shown so far.
 *
 * @param options With \`wait: true\` only when there is something new to show, which avoids flicker.
 */
declare function clearOutput(options?: { wait?: boolean }): void;
/** The signal of the running cell: Stop aborts it. Pass it on, or look at \`cellSignal().aborted\` in a loop. */
declare function cellSignal(): AbortSignal;
`;

/**
 * Declarations without the variables and imports that have no value: those a failed cell did not get to.
 *
 * @param declarations The `.d.ts` text of everything declared so far.
 * @param values The values of the session by name.
 */
export function keepAssigned(ts: TypeScript, declarations: string, values: Record<string, unknown>): string {
  const file = ts.createSourceFile("declarations.d.ts", declarations, ts.ScriptTarget.Latest, true);
  const has = (name: string) => values[name] !== undefined;
  const imported = (statement: ImportDeclaration): boolean => {
    const { name, namedBindings } = statement.importClause ?? {};
    if (name !== undefined && !has(name.text)) return false;
    if (namedBindings === undefined) return true;
    if (ts.isNamespaceImport(namedBindings)) return has(namedBindings.name.text);
    return true;
  };
  const keep = (statement: Statement): boolean => {
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.every(({ name }) => !ts.isIdentifier(name) || has(name.text));
    }
    return !ts.isImportDeclaration(statement) || imported(statement);
  };
  return file.statements
    .filter(keep)
    .map((statement) => statement.getFullText(file))
    .join("");
}
