/** Started by nodemon after each save: rebuilds what is older than its sources and prints one line. */
import { run } from "../setup/command";
import { Failure } from "../setup/failure";
import { root } from "../setup/paths";
import { Progress } from "../setup/progress";
import { setUp } from "../setup/setup";
import { describeBuild } from "./describe";

void (async () => {
  const began = performance.now();
  const compiler = ["node_modules/typescript/bin/tsc", "--build", "--verbose", "--pretty", "false"];
  const { code, output } = await run(process.execPath, compiler, { cwd: root });
  const steps: string[] = [];
  // Their own lines would make it more than one.
  const silent = new Progress({ write: (text) => steps.push(text) });
  const failed = code === 0 && (await setUp({ progress: silent }).then(() => undefined, asLine));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(failed || describeBuild({ ok: code === 0, output, steps: steps.join(""), seconds }));
  process.exitCode = code || failed ? 1 : 0;
})();

function asLine(error: unknown) {
  return error instanceof Failure ? `✗ ${error.what}: ${error.why}` : `✗ ${(error as Error).message}`;
}
