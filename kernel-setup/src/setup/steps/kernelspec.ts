import { existsSync } from "node:fs";
import { join } from "node:path";
import { KERNEL_NAME, writeKernelspec } from "../../kernel/kernelspec";
import { fingerprint } from "../fingerprint";
import { root, venv } from "../paths";
import type { Step } from "../step";

/** Where Jupyter finds the kernel. */
export const kernelspecFile = (environment = venv): string =>
  join(environment, "share/jupyter/kernels", KERNEL_NAME, "kernel.json");

/** The kernelspec: its paths are absolute, so it is written again for a moved clone and for another Node. */
export const kernelspecStep = (environment = venv): Step => ({
  title: "Kernel",
  stamp: join(environment, ".nablab-kernel"),
  inputs: () => fingerprint(root, process.execPath, { file: join(__dirname, "../../kernel/kernelspec.js") }),
  present: () => existsSync(kernelspecFile(environment)),
  make: () => Promise.resolve(void writeKernelspec({ venv: environment })),
});
