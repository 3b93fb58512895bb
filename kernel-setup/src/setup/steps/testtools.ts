import { join } from "node:path";
import { fingerprint } from "../fingerprint";
import { venv } from "../paths";
import { lockFile, pipInstall } from "../pip";
import type { Step } from "../step";
import { hasPackage } from "../wheels";

/** The programs that the tests hold the kernel against; learners never need them. */
export const testToolsStep = (environment = venv): Step => ({
  title: "Jupyter's test tools",
  stamp: join(environment, ".nablab-tests"),
  inputs: () => fingerprint({ file: lockFile("tests") }),
  present: () => hasPackage("jupyter_kernel_test", environment),
  make: (progress) => pipInstall("tests", progress, { gigabytes: 0.2, environment }),
});
