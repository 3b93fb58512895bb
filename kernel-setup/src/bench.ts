/** `npm run bench`: sets up what is missing, the peers included, and times nablab against them; see tests/bench/main.ts. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { benchEnvironment, peersStep } from "./bench/peers";
import { run } from "./setup/command";
import { explain, main } from "./setup/failure";
import { root, venvPython } from "./setup/paths";
import { Progress } from "./setup/progress";
import { setUp } from "./setup/setup";
import { doSteps } from "./setup/step";
import { pythonStep } from "./setup/steps/python";

void main(async () => {
  await setUp();
  // The trace of a step is about nablab alone, and worth no gigabytes of peers.
  if (!process.argv.includes("--trace")) {
    await doSteps([pythonStep(benchEnvironment), peersStep(benchEnvironment)], new Progress(process.stderr));
  }
  const { code, output } = await run(process.execPath, [
    join(root, "node_modules/typescript/bin/tsc"),
    "--build",
    join(root, "tests/bench"),
  ]);
  if (code !== 0) throw explain("the bench does not build", output, "mend it (`npm run check` shows everything)");
  const args = [join(root, "tests/bench/dist/main.js"), "--python", venvPython(benchEnvironment)];
  const child = spawn(process.execPath, [...args, ...process.argv.slice(2)], { stdio: "inherit", cwd: root });
  const [status] = (await once(child, "exit")) as [number | null];
  return status ?? 1;
});
