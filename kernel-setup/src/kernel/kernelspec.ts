import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

export interface KernelspecOptions {
  /** The virtual environment whose Jupyter shall find the kernel. */
  venv: string;
  /** The Node.js program that runs it. @default the one that runs now */
  node?: string;
  /** The kernel's program. @default main.js beside this file */
  main?: string;
  /** Flags for Node.js itself, such as `--max-old-space-size=8192`. @default none */
  nodeFlags?: string[];
  /** Environment variables for the kernel, on top of those it inherits from Jupyter. @default none */
  env?: Record<string, string>;
}

/** The name under which Jupyter knows the kernel. It is tslab's own, so that a notebook opens on a stock tslab too. */
export const KERNEL_NAME = "tslab";

/**
 * Writes the kernelspec into `<venv>/share/jupyter/kernels/tslab/` and returns that folder.
 *
 * All paths in it are absolute: JupyterLab starts kernels with the notebook's folder as working directory and, in
 * editors, with a `PATH` that is not the learner's. `interrupt_mode` is `message`, because a signal cannot reach
 * synchronous code that runs after an `await`. The file is replaced in one step, so that a Jupyter that is reading
 * it never sees half of one.
 *
 * @see https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs
 */
export function writeKernelspec({
  venv,
  node = process.execPath,
  main = join(__dirname, "main.js"),
  nodeFlags = [],
  env = {},
}: KernelspecOptions): string {
  const folder = resolve(venv, "share", "jupyter", "kernels", KERNEL_NAME);
  const spec = {
    argv: [resolve(node), ...nodeFlags, resolve(main), "{connection_file}"],
    display_name: "TypeScript (nablab)",
    language: "typescript",
    interrupt_mode: "message",
    metadata: { debugger: false },
    env,
  };
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "kernel.json");
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(spec, null, 2)}\n`);
  renameSync(draft, file);
  return folder;
}
