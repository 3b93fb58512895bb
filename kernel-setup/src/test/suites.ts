import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readText } from "../setup/fingerprint";
import { root } from "../setup/paths";

export interface Counts {
  passed: number;
  failed: number;
}

/** The last line of `npm test`, for people and for programs that read it. */
export const closingLine = ({ passed, failed }: Counts): string => `${passed} passed, ${failed} failed`;

/** Types, lint and format, counted as one test; the tests run all the same, so that one run shows everything. */
export async function runChecks(): Promise<Counts> {
  const npm = process.env.npm_execpath;
  const ok =
    (npm
      ? await show(process.execPath, [npm, "run", "--silent", "check"])
      : await show("npm", ["run", "--silent", "check"])) === 0;
  return ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/**
 * Runs vitest over all suites, or over those that the arguments select.
 *
 * The counts come from the reporter in `tests/reporter.ts`. A run that ends without them, or ends badly although no
 * test failed, counts as one failure: it must never pass for a run in which all is well.
 */
export async function runTests(selection: string[]): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), "nablab-test-"));
  const file = join(folder, "counts.json");
  try {
    const reporters = ["--reporter=default", `--reporter=${join(root, "tests/reporter.ts")}`];
    const vitest = [join(root, "node_modules/vitest/vitest.mjs"), "run", "--config", "tests/vitest.config.ts"];
    const code = await show(process.execPath, [...vitest, ...reporters, ...selection], { NABLAB_TEST_COUNTS: file });
    const text = readText(file);
    const counts = text ? (JSON.parse(text) as Counts) : { passed: 0, failed: 1 };
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function show(file: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.on("error", () => resolve(1));
    child.on("exit", (code) => resolve(code ?? 1));
  });
}
