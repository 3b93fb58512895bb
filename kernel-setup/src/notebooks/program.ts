/**
 * All cells of a notebook as one TypeScript file, so that they can be type-checked strictly and linted.
 *
 * A later cell may declare a name again, and sees what earlier cells declared: exactly what nested blocks do. So the
 * file is `{ cell 1 { cell 2 { … } } }`, in which imports, legal only at the top of a file, are hoisted and leave blank
 * space behind. Lines and columns of the cells are kept; only the line of their start differs.
 */
import ts from "typescript";
import { initialDeclarations } from "../kernel/declarations";
import { place, type CodeCell, type Notebook } from "./notebook";

export interface Problem {
  notebook: Notebook;
  cell: CodeCell;
  /** From 1, within the cell. */
  line: number;
  message: string;
}

/** `01-eight-steps.ipynb, cell 7, line 3: …` */
export const describe = ({ notebook, cell, line, message }: Problem): string =>
  `${place(notebook, cell)}, line ${line}: ${message}`;

/** One notebook made into one file. */
export interface CellsFile {
  notebook: Notebook;
  /** Beside the notebook, so that imports resolve as they do for the kernel. The file is not on disk. */
  path: string;
  text: string;
  /** Where each cell starts in the file, lines from 0. */
  starts: { cell: CodeCell; line: number }[];
  /** Syntax errors and clashing imports, by which the file as a whole would be misread. */
  problems: Problem[];
}

/** What the kernel gives to every cell without an import. */
const globals = `declare global {\n${initialDeclarations.replaceAll("declare function", "function")}}\n`;

interface HoistedImport {
  cell: CodeCell;
  line: number;
  /** The local name, or the module for an import without names. */
  name: string;
  text: string;
}

/** Joins the cells of a notebook into one file; `kind` keeps the files of the page and of its solutions apart. */
export function joinCells(notebook: Notebook, sources: Map<CodeCell, string>, kind = "cells"): CellsFile {
  const problems: Problem[] = [];
  const imports = new Map<string, HoistedImport>();
  const bodies: string[] = [];
  for (const [cell, source] of sources) {
    const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ESNext, true);
    problems.push(...syntaxErrors(notebook, cell, file));
    let body = source;
    for (const statement of file.statements.filter(ts.isImportDeclaration)) {
      for (const found of importsOf(cell, file, statement)) {
        const earlier = imports.get(found.name);
        if (earlier && earlier.text !== found.text) {
          const where = `${place(notebook, earlier.cell)} imports it from elsewhere`;
          problems.push({ notebook, cell, line: found.line, message: `\`${found.name}\` is taken: ${where}` });
        }
        imports.set(found.name, found);
      }
      const [start, end] = [statement.getStart(file), statement.getEnd()];
      body = body.slice(0, start) + body.slice(start, end).replace(/[^\n]/g, " ") + body.slice(end);
    }
    bodies.push(body);
  }

  const head = [...imports.values()].map(({ text }) => text).join(" ");
  let text = `${globals}${head} export {};\n`;
  const starts = [...sources.keys()].map((cell, i) => {
    text += "{\n";
    const line = text.split("\n").length - 1;
    text += `${bodies[i]}\n`;
    return { cell, line };
  });
  text += "}".repeat(bodies.length) + "\n";
  return { notebook, path: `${notebook.path}.${kind}.ts`, text, starts, problems };
}

function syntaxErrors(notebook: Notebook, cell: CodeCell, file: ts.SourceFile): Problem[] {
  // Not in the public types of TypeScript, though tslab and typescript-eslint rely on it as well.
  const { parseDiagnostics } = file as ts.SourceFile & { parseDiagnostics: ts.DiagnosticWithLocation[] };
  return parseDiagnostics.map(({ start, messageText }) => ({
    notebook,
    cell,
    line: file.getLineAndCharacterOfPosition(start).line + 1,
    message: ts.flattenDiagnosticMessageText(messageText, "\n"),
  }));
}

/** One import per name, so that a cell may repeat a part of an earlier cell's import. */
function importsOf(cell: CodeCell, file: ts.SourceFile, statement: ts.ImportDeclaration): HoistedImport[] {
  const line = file.getLineAndCharacterOfPosition(statement.getStart(file)).line + 1;
  const from = statement.moduleSpecifier.getText(file);
  const clause = statement.importClause;
  if (!clause) return [{ cell, line, name: from, text: `import ${from};` }];
  const type = clause.phaseModifier === ts.SyntaxKind.TypeKeyword ? "type " : "";
  const one = (name: string, what: string): HoistedImport => ({
    cell,
    line,
    name,
    text: `import ${type}${what} from ${from};`,
  });
  const bindings = clause.namedBindings;
  const named =
    bindings === undefined
      ? []
      : ts.isNamespaceImport(bindings)
        ? [one(bindings.name.text, bindings.getText(file))]
        : bindings.elements.map((element) => one(element.name.text, `{ ${element.getText(file)} }`));
  return clause.name ? [one(clause.name.text, clause.name.text), ...named] : named;
}

const options: ts.CompilerOptions = {
  strict: true,
  noFallthroughCasesInSwitch: true,
  // A cell that throws on purpose leaves those after it unreachable here, but not in the notebook.
  allowUnreachableCode: true,
  allowUnusedLabels: true,
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts"],
  module: ts.ModuleKind.Preserve,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  types: ["node"],
  esModuleInterop: true,
  skipLibCheck: true,
  noEmit: true,
};

/** One program over all files: the library's types, the slow part, are read once. */
export function createCellsProgram(files: CellsFile[]): ts.Program {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  host.getSourceFile = (path, languageVersion, ...rest) => {
    const text = texts.get(path);
    if (text === undefined) return getSourceFile(path, languageVersion, ...rest);
    return ts.createSourceFile(path, text, languageVersion, true);
  };
  return ts.createProgram([...texts.keys()], options, host);
}

/** The cell and line that a line of the file (from 0) stands for. */
export function locate({ starts }: CellsFile, line: number): { cell: CodeCell; line: number } {
  const { cell, line: start } = starts.findLast((start) => start.line <= line) ?? starts[0];
  return { cell, line: Math.max(1, line - start + 1) };
}

/** Type errors of one file under `strict`, each at its cell and line. */
export function typeErrors(program: ts.Program, file: CellsFile): Problem[] {
  if (file.problems.length > 0) return file.problems;
  return ts.getPreEmitDiagnostics(program, program.getSourceFile(file.path)).map((diagnostic) => {
    const { line } = diagnostic.file!.getLineAndCharacterOfPosition(diagnostic.start!);
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
    return { notebook: file.notebook, ...locate(file, line), message: `${text} (TS${diagnostic.code})` };
  });
}
