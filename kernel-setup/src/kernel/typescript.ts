import { statSync } from "node:fs";
import { expandShorthand } from "./shorthand";
import type { BuilderProgram, CompilerOptions, TranspileOptions, TranspileOutput } from "@tslab/typescript-for-tslab";

import { programs } from "./program";

/** The TypeScript that tslab type-checks cells with. */
export type TypeScript = typeof import("@tslab/typescript-for-tslab");

/** What tslab's compiler tells of a changed file. */
type Changed = (path: string, kind: number) => void;

/** Source maps of the last cell, and the callbacks by which the compiler wants to hear of changes. */
export interface Emitted {
  /** From the cell's text (after one line that tslab puts before it) to ES modules. */
  toModule: string | null;
  /** From ES modules to what is run. */
  toCommonJs: string | null;
  /** Each watched file. */
  readonly files: Map<string, Watched>;
  /** Each watched folder. */
  readonly folders: Map<string, Watched>;
}

/** A file or folder that the compiler has read. */
export interface Watched {
  /** When it had last been changed at that time, in milliseconds; null for one that is not there. */
  modified: number | null;
  /** Whom to tell that it changed. */
  readonly tell: Set<Changed>;
}

/** When a file was last changed, in milliseconds; null for one that is not there. */
export function modified(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
}

/** One process composes one kernel, so one state is enough. */
export const emitted: Emitted = { toModule: null, toCommonJs: null, files: new Map(), folders: new Map() };

type Host = {
  setTimeout?(callback: (...values: unknown[]) => void, milliseconds: number, ...values: unknown[]): unknown;
  clearTimeout?(timer: unknown): void;
  afterProgramCreate?(program: BuilderProgram): void;
};

/** Keeps a callback instead of watching: `rebuilt.ts` looks for changes before a cell, when they matter. */
function keep(watched: Map<string, Watched>) {
  return (path: string, changed: Changed) => {
    const entry = watched.get(path) ?? { modified: modified(path), tell: new Set<Changed>() };
    entry.tell.add(changed);
    watched.set(path, entry);
    return {
      close() {
        entry.tell.delete(changed);
        if (entry.tell.size === 0) watched.delete(path);
      },
    };
  };
}

/**
 * tslab's TypeScript with functions that keep what tslab throws away: the source maps of both compilation steps, by
 * which an error finds its line in the cell. And it watches no files: a rebuilt library must be noticed before the
 * next cell, not some time after it, and watchers of the operating system are few.
 *
 * It takes the place of the package in the cache of `require`, so tslab's modules must be loaded after this.
 *
 * @param require The `require` of tslab's own folder.
 */
export function sourceMapped(require: NodeJS.Require): TypeScript {
  const path = require.resolve("@tslab/typescript-for-tslab");
  const original = require(path) as TypeScript;
  original.sys.watchFile = keep(emitted.files);
  original.sys.watchDirectory = keep(emitted.folders) as typeof original.sys.watchDirectory;
  const host = original.createWatchCompilerHost as unknown as (...args: unknown[]) => Host;
  const watch = original.createWatchProgram as unknown as (host: Host) => unknown;
  const replaced = {
    createWatchCompilerHost(files: unknown, options: CompilerOptions, sys: unknown, _: null, ...rest: unknown[]): Host {
      const made = host(files, { ...options, sourceMap: true }, sys, programs(original), ...rest);
      const later = made.setTimeout?.bind(made);
      const never = made.clearTimeout?.bind(made);
      const done = Symbol("done");
      // tslab has room for one timer, that of the rebuild; whatever else the compiler puts off is done at once.
      made.setTimeout = (callback, milliseconds, ...values) => {
        if (callback.name === "updateProgramWithWatchStatus") return later?.(callback, milliseconds, ...values);
        callback(...values);
        return done;
      };
      made.clearTimeout = (timer) => {
        if (timer !== done) never?.(timer);
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
