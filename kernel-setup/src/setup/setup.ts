import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { chooseDevice } from "./device";
import { exclusively } from "./lock";
import { sitePackages, state, venv } from "./paths";
import { Progress } from "./progress";
import { type Step, doSteps, isDone } from "./step";
import { bindingFile, bindingStep, nativePlatform, webAssemblyCost, whyWebAssembly } from "./steps/binding";
import { jupyterStep } from "./steps/jupyter";
import { kernelspecStep } from "./steps/kernelspec";
import { pythonStep } from "./steps/python";
import { installedTensorflow, tensorflowStep } from "./steps/tensorflow";
import { testToolsStep } from "./steps/testtools";
import { brokenWheels } from "./wheels";

export interface SetUpOptions {
  /** Also what only the tests need. */
  tests?: boolean;
  /** Look closer: mend damaged Python packages, and try again what the machine could not give last time. */
  thorough?: boolean;
  progress?: Progress;
}

/** The steps that this machine needs, in order. */
export async function steps({ tests = false }: SetUpOptions = {}): Promise<Step[]> {
  const device = await chooseDevice({ installed: installedTensorflow() });
  return [
    pythonStep(),
    jupyterStep(),
    ...(nativePlatform ? [tensorflowStep(device)] : []),
    bindingStep(device),
    kernelspecStep(),
    ...(tests ? [testToolsStep()] : []),
  ];
}

/**
 * Makes the course ready: whatever is missing or made from older inputs is made, the rest stays untouched. With nothing
 * to do it writes nothing and asks no network.
 *
 * @returns how many steps had to be done.
 * @throws {Failure} saying what stands in the way.
 */
export async function setUp(options: SetUpOptions = {}): Promise<number> {
  const { progress = new Progress(process.stderr), thorough = false } = options;
  const needed = await steps(options);
  if (thorough) doubt(needed);
  if (needed.every(isDone)) return 0;
  mkdirSync(state, { recursive: true });
  const done = await exclusively(join(state, "setup.lock"), progress, () => doSteps(needed, progress));
  const why = whyWebAssembly();
  if (why) progress.say(`${webAssemblyCost} (${why}).`);
  return done;
}

/** Forgets the steps whose results are not what their stamps promise, which takes too long to see at every start. */
function doubt(needed: Step[]): void {
  const packages = sitePackages();
  const damaged = packages !== undefined && brokenWheels(packages).length > 0;
  for (const { stamp } of needed) {
    if (damaged && dirname(stamp) === venv) rmSync(stamp, { force: true });
    if (whyWebAssembly() && dirname(stamp) === dirname(bindingFile)) rmSync(stamp, { force: true });
  }
}
