import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fingerprint, writeWhole } from "../fingerprint";
import { venv } from "../paths";
import { lockFile, pipInstall } from "../pip";
import type { Step } from "../step";
import { hasPackage } from "../wheels";

/** JupyterLab asks its makers for news and newer versions at every start; a course must not wait for a network. */
const settings = {
  "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
};

/** JupyterLab, pinned, with the settings of the course. */
export const jupyterStep = (environment = venv): Step => ({
  title: "JupyterLab",
  stamp: join(environment, ".nablab-jupyter"),
  inputs: () => fingerprint({ file: lockFile("jupyter") }, JSON.stringify(settings)),
  present: () => hasPackage("jupyterlab", environment),
  async make(progress) {
    await pipInstall("jupyter", progress, { gigabytes: 0.6, environment });
    const folder = join(environment, "share/jupyter/lab/settings");
    mkdirSync(folder, { recursive: true });
    writeWhole(join(folder, "overrides.json"), JSON.stringify(settings, null, 2) + "\n");
  },
});
