import { expandShorthand } from "./shorthand";
import type { BuilderProgram, CompilerOptions, TranspileOptions, TranspileOutput } from "@tslab/typescript-for-tslab";

/** The TypeScript that tslab type-checks cells with. */
export type TypeScript = typeof import("@tslab/typescript-for-tslab");

/** Source maps of the last cell, and the callbacks by which the compiler wants to hear of changed files. */
export interface Emitted {
  /** From the cell's text (after one line that tslab puts before it) to ES modules. */
  toModule: string | null;
  /** From ES modules to what is run. */
  toCommonJs: string | null;
  /** Path of each watched file, and whom to tell that it changed. */
  readonly watched: Map<string, Set<(path: string, kind: number) => void>>;
}

/** One process composes one kernel, so one state is enough. */
export const emitted: Emitted = { toModule: null, toCommonJs: null, watched: new Map() };

type Host = {
  watchFile(path: string, callback: (path: string, kind: number) => void, ...rest: unknown[]): { close(): void };
  afterProgramCreate?(program: BuilderProgram): void;
};

/**
 * tslab's TypeScript with three functions that keep what tslab throws away: the source maps of both compilation
 * steps, by which an error finds its line in the cell, and the file watchers, by which a rebuilt library is noticed
 * before the next cell instead of some time after it.
 *
 * It takes the place of the package in the cache of `require`, so tslab's modules must be loaded after this.
 *
 * @param require The `require` of tslab's own folder.
 */
export function sourceMapped(require: NodeJS.Require): TypeScript {
  const path = require.resolve("@tslab/typescript-for-tslab");
  const original = require(path) as TypeScript;
  const host = original.createWatchCompilerHost as unknown as (...args: unknown[]) => Host;
  const watch = original.createWatchProgram as unknown as (host: Host) => unknown;
  const replaced = {
    createWatchCompilerHost(files: unknown, options: CompilerOptions, ...rest: unknown[]): Host {
      const made = host(files, { ...options, sourceMap: true }, ...rest);
      const watchFile = made.watchFile.bind(made);
      made.watchFile = (file, callback, ...more) => {
        const callbacks = emitted.watched.get(file) ?? new Set();
        emitted.watched.set(file, callbacks.add(callback));
        const watcher = watchFile(file, callback, ...more);
        return {
          close: () => {
            callbacks.delete(callback);
            if (callbacks.size === 0) emitted.watched.delete(file);
            watcher.close();
          },
        };
      };
      return made;
    },
    createWatchProgram(made: Host): unknown {
      const created = made.afterProgramCreate?.bind(made);
      made.afterProgramCreate = (program) => {
        const emit = program.emit.bind(program);
        program.emit = (file, write, cancel, onlyDeclarations, transformers) =>
          emit(
            file,
            (name, text, ...more) => {
              if (name.endsWith("__tslab__.js.map")) emitted.toModule = text;
              write?.(name, text, ...more);
            },
            cancel,
            onlyDeclarations,
            expandShorthand(original, program.getProgram(), transformers),
          );
        created?.(program);
      };
      return watch(made);
    },
    transpileModule(text: string, options: TranspileOptions): TranspileOutput {
      const output = original.transpileModule(text, {
        ...options,
        compilerOptions: { ...options.compilerOptions, sourceMap: true },
      });
      emitted.toCommonJs = output.sourceMapText ?? null;
      return output;
    },
  };
  // The package's own properties are fixed; tslab copies the enumerable ones of whatever it gets.
  const view = { ...original, ...replaced };
  require.cache[path]!.exports = view;
  return original;
}
