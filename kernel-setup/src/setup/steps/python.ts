import { existsSync } from "node:fs";
import { join } from "node:path";
import { run } from "../command";
import { Failure, explain } from "../failure";
import { findInterpreter } from "../interpreter";
import { sitePackages, venv, venvPython } from "../paths";
import type { Step } from "../step";

/** The virtual environment `.venv`; one that works already is kept. */
export const pythonStep = (environment = venv): Step => ({
  title: "Python environment",
  stamp: join(environment, ".nablab-python"),
  inputs: () => "1",
  // The interpreter is a link to the machine's Python, and dangles once that is upgraded away.
  present: () => existsSync(venvPython(environment)) && sitePackages(environment) !== undefined,
  async make() {
    const working = await run(venvPython(environment), ["-m", "pip", "--version"]);
    if (working.code === 0) return "kept";
    const { path, version } = await findInterpreter();
    const { code, output } = await run(path, ["-m", "venv", "--clear", environment], { log: "setup.log" });
    if (code === 0) return `Python ${version}`;
    if (/ensurepip is not available|No module named '?(venv|ensurepip)|ensurepip/.test(output)) {
      const minor = version.split(".").slice(0, 2).join(".");
      throw new Failure(
        `Python ${version} cannot make a virtual environment`,
        "its venv module is not installed; Debian and Ubuntu keep it in a package of its own",
        `\`sudo apt install python${minor}-venv\`, then run the same command again`,
      );
    }
    throw explain("the virtual environment .venv could not be made", output, "delete .venv and run this again");
  },
});
