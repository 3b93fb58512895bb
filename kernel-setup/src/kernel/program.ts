import type {
  CreateProgram,
  EmitAndSemanticDiagnosticsBuilderProgram,
  Program,
  SourceFile,
} from "@tslab/typescript-for-tslab";
import type { TypeScript } from "./typescript";

/**
 * Makes programs for the compiler in watch mode that keep no graph of who references whom.
 *
 * The builder that the compiler takes by default draws that graph of all files anew for every cell, to know what to
 * emit; with the types of TensorFlow.js that is most of the time a cell takes. tslab emits the cell and the
 * learner's own modules only, and those are found from the cell in no time.
 */
export function programs(ts: TypeScript): CreateProgram<EmitAndSemanticDiagnosticsBuilderProgram> {
  return (...options) => {
    const builder = ts.createAbstractBuilder(...(options as Parameters<TypeScript["createAbstractBuilder"]>));
    // tslab reads the names that a cell declares off its bound file; drawing the graph had bound every file.
    const { bindSourceFile } = ts as unknown as { bindSourceFile(file: SourceFile, options: unknown): void };
    for (const root of builder.getProgram().getRootFileNames()) {
      const file = builder.getSourceFile(root);
      if (file !== undefined) bindSourceFile(file, builder.getCompilerOptions());
    }
    builder.getAllDependencies = (file) => ownSources(builder.getProgram(), file);
    return builder as EmitAndSemanticDiagnosticsBuilderProgram;
  };
}

/** Names the compiler's public types leave out. */
interface Resolved {
  resolvedModules?: { forEach(visit: (module: { resolvedModule?: { resolvedFileName: string } }) => void): void };
}

/** A file and the source files that it imports, directly or not; declaration files import no sources. */
function ownSources(program: Program, file: SourceFile): string[] {
  const found = new Set<string>();
  const visit = (source: SourceFile | undefined): void => {
    if (source === undefined || source.isDeclarationFile || found.has(source.fileName)) return;
    found.add(source.fileName);
    (source as Resolved).resolvedModules?.forEach(({ resolvedModule }) => {
      if (resolvedModule !== undefined) visit(program.getSourceFile(resolvedModule.resolvedFileName));
    });
  };
  visit(file);
  return [...found];
}
