import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { venv, venvPython } from "./paths";

/** A command that compiles C++, without its arguments. */
export interface Compiler {
  name: string;
  command: string[];
}

/** The C++ compilers of this machine in the order to try: `$CXX`, g++, clang++, c++. */
export function installedCompilers(environment: NodeJS.ProcessEnv = process.env): Compiler[] {
  const folders = (environment.PATH ?? "").split(delimiter).filter(Boolean);
  const found = ["g++", "clang++", "c++"].filter((name) => folders.some((folder) => existsSync(join(folder, name))));
  const own = environment.CXX?.trim();
  // $CXX may carry arguments, as in "ccache g++".
  const wanted: Compiler[] = own ? [{ name: `CXX=${own}`, command: own.split(/\s+/) }] : [];
  return [...wanted, ...found.map((name) => ({ name, command: [name] }))];
}

/** The compiler in PyPI's `ziglang`, once it is installed. */
export const zig = (environment = venv): Compiler => ({
  name: "zig",
  command: [venvPython(environment), "-m", "ziglang", "c++"],
});

export interface BindingSources {
  /** The file to compile. */
  entry: string;
  /** Folders with headers, and with the sources that the entry includes. */
  include: string[];
  /** The folder with TensorFlow's libraries. */
  tensorflow: string;
  /** Where the binding looks for that folder when it is loaded; `$ORIGIN` is the binding's own folder. */
  rpath: string;
}

/** The arguments that make an N-API module of the sources. */
export function compileArguments({ entry, include, tensorflow, rpath }: BindingSources, output: string): string[] {
  return [
    ...["-std=c++17", "-O2", "-shared", "-fPIC", "-w", "-DNAPI_VERSION=8"],
    ...include.flatMap((folder) => ["-I", folder]),
    entry,
    // Named in full: zig's linker does not know `-l:`, and what is remembered is the name inside the library anyway.
    ...["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"].map((name) => join(tensorflow, name)),
    ...["-Wl,-rpath", `-Wl,${rpath}`],
    ...["-o", output],
  ];
}
