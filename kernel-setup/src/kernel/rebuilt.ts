import Module from "node:module";
import { dirname, join, sep } from "node:path";
import { emitted, modified } from "./typescript";

/** Kinds of change as TypeScript counts them. */
const CHANGED = 1;
const DELETED = 2;

const installed = (path: string) => path.includes("/node_modules/");

/** The cache of `require`, which all modules share. */
const cache = require.cache;

/**
 * Notices libraries that were rebuilt since they were loaded. Packages under node_modules are taken to stay as they
 * are; a workspace package is linked from there, and its real path is outside.
 */
export class Rebuilt {
  /** When each loaded file had last been changed. */
  private readonly code = new Map<string, number | null>();

  constructor() {
    const extensions = (Module as unknown as { _extensions: Record<string, (m: unknown, path: string) => void> })
      ._extensions;
    const load = extensions[".js"];
    extensions[".js"] = (module, path) => {
      // Looked up before it is read: a change in between is seen as one.
      if (!installed(path) && !path.startsWith(__dirname + sep)) this.code.set(path, modified(path));
      load(module, path);
    };
  }

  /**
   * Makes the next import load what is there now: forgets the code of packages in which a file changed, and tells
   * the compiler of changed types.
   *
   * @param options With `searchAgain: true` the compiler also looks again for modules that it did not find.
   */
  refresh({ searchAgain }: { searchAgain: boolean }): void {
    const changed = [...this.code].filter(([path, time]) => modified(path) !== time).map(([path]) => packageOf(path));
    for (const folder of new Set(changed)) this.forget(folder);
    for (const [path, file] of emitted.files) {
      if (installed(path) || path.endsWith("__tslab__.ts") || path.endsWith("__prev__.d.ts")) continue;
      const time = modified(path);
      if (time === file.modified) continue;
      file.modified = time;
      for (const tell of [...file.tell]) tell(path, time === null ? DELETED : CHANGED);
    }
    if (!searchAgain) return;
    for (const [path, { tell }] of [...emitted.folders]) for (const changed of [...tell]) changed(path, CHANGED);
  }

  /** A package is loaded anew as a whole: old and new files together would share no state. */
  private forget(folder: string): void {
    for (const path of [...this.code.keys()]) {
      if (!path.startsWith(folder + sep)) continue;
      this.code.delete(path);
      const module = cache[path];
      delete cache[path];
      for (const other of Object.values(cache)) {
        if (other === undefined) continue;
        const at = module === undefined ? -1 : other.children.indexOf(module);
        if (at >= 0) other.children.splice(at, 1);
      }
    }
  }
}

/** The folder of the package that a file belongs to. */
function packageOf(path: string): string {
  let folder = dirname(path);
  while (dirname(folder) !== folder) {
    if (modified(join(folder, "package.json")) !== null) return folder;
    folder = dirname(folder);
  }
  return dirname(path);
}
