import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ended, mirrorClone, write } from "./sandbox";

const writeCounts = (passed: number, failed: number) =>
  `import { writeFileSync } from "node:fs"; writeFileSync(process.env.NABLAB_TEST_COUNTS, '{"passed":${passed},"failed":${failed}}');`;

let clone: string;
let remove: () => void;
beforeAll(() => {
  clone = mirrorClone((atEnd) => (remove = atEnd));
  rmSync(join(clone, "node_modules/vitest"));
});
afterAll(() => remove());

/** Runs `npm test` in a clone whose set-up, check and vitest do as told. */
async function npmTest({ setUp = "async () => 0", check = 0, vitest = writeCounts(7, 0) }, ...args: string[]) {
  write(clone, {
    "kernel-setup/dist/setup/setup.js": `exports.setUp = ${setUp};`,
    "npm.js": `console.log("checks"); process.exitCode = ${check};`,
    "node_modules/vitest/vitest.mjs": `console.log("tests", ...process.argv.slice(2)); ${vitest}`,
  });
  const env = { ...process.env, npm_execpath: join(clone, "npm.js") };
  const program = [join(clone, "kernel-setup/dist/test.js"), ...args];
  const { code, stdout, stderr } = await ended(process.execPath, program, { env });
  return { code, stdout, stderr, last: stdout.trimEnd().split("\n").pop() };
}

describe("npm test", () => {
  it("counts the checks as one test and ends with the sum", async () => {
    const { code, stdout, last } = await npmTest({});
    expect(last).toBe("8 passed, 0 failed");
    expect(code).toBe(0);
    expect(stdout.indexOf("checks")).toBeLessThan(stdout.indexOf("tests"));
  });

  it("hands a selection to vitest", async () => {
    const { stdout } = await npmTest({}, "--project", "lib");
    expect(stdout).toMatch(/tests run --config tests\/vitest\.config\.ts .*--project lib/);
  });

  it("runs the tests in spite of a failed check, and fails", async () => {
    const { code, stdout, last } = await npmTest({ check: 1 });
    expect(stdout).toContain("tests run");
    expect(last).toBe("7 passed, 1 failed");
    expect(code).toBe(1);
  });

  it("fails with a failed test", async () => {
    const { code, last } = await npmTest({ vitest: `${writeCounts(5, 2)} process.exitCode = 1;` });
    expect(last).toBe("6 passed, 2 failed");
    expect(code).toBe(1);
  });

  it.each([
    ["ends without counts", "", "1 passed, 1 failed"],
    ["ends badly although no test failed", `${writeCounts(5, 0)} process.exitCode = 1;`, "6 passed, 1 failed"],
    ["is killed", `process.kill(process.pid, "SIGKILL");`, "1 passed, 1 failed"],
  ])("fails where vitest %s", async (_, vitest, line) => {
    const { code, last } = await npmTest({ vitest });
    expect(last).toBe(line);
    expect(code).toBe(1);
  });

  it("ends with the line even if the set-up fails, which says why", async () => {
    const failure = `async () => { const { Failure } = require("./failure.js"); throw new Failure("it failed", "a reason", "a remedy"); }`;
    const { code, stderr, last } = await npmTest({ setUp: failure });
    expect(stderr).toContain("✗ it failed\n  why: a reason\n  do:  a remedy");
    expect(last).toBe("0 passed, 1 failed");
    expect(code).toBe(1);
  });
});
