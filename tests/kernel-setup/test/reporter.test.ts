import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { closingLine } from "../../../kernel-setup/src/test/suites";
import { ended, root, temporaryFolder, write } from "../sandbox";

const passing = `import { it } from "vitest"; it("a", () => {}); it("b", () => {});`;

/** Runs vitest over the files with the reporter of `npm test` and returns its counts and exit code. */
async function counts(files: Record<string, string>) {
  const folder = temporaryFolder();
  write(folder, { "vitest.config.mjs": "export default {};", ...files });
  const file = join(folder, "counts.json");
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const args = [vitest, "run", "--root", folder, "--reporter", join(root, "tests/reporter.ts")];
  // A vitest inside a vitest must not take itself for a worker of the outer one.
  const outer = Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST") && name !== "NODE_ENV");
  const env = { ...Object.fromEntries(outer), NABLAB_TEST_COUNTS: file, NODE_PATH: join(root, "node_modules") };
  write(folder, { "node_modules/vitest/package.json": `{"name":"vitest","exports":"./index.mjs"}` });
  write(folder, {
    "node_modules/vitest/index.mjs": `export * from ${JSON.stringify(join(root, "node_modules/vitest/dist/index.js"))};`,
  });
  const { code, stdout, stderr } = await ended(process.execPath, args, { cwd: folder, env });
  expect(existsSync(file), stdout + stderr).toBe(true);
  return { code, ...(JSON.parse(readFileSync(file, "utf8")) as { passed: number; failed: number }) };
}

describe("the counts of npm test", () => {
  it("are those of the tests that passed and failed", async () => {
    const failing = `import { it, expect } from "vitest"; it("c", () => expect(1).toBe(2));`;
    expect(await counts({ "a.test.ts": passing, "b.test.ts": failing })).toEqual({ code: 1, passed: 2, failed: 1 });
    expect(await counts({ "a.test.ts": passing })).toEqual({ code: 0, passed: 2, failed: 0 });
  });

  it("take a file that does not load for a failure", async () => {
    expect(await counts({ "a.test.ts": passing, "b.test.ts": `import "./not-there";` })).toMatchObject({
      passed: 2,
      failed: 1,
    });
  });

  it("take a hook that fails for a failure", async () => {
    const hook = `import { it, describe, beforeAll } from "vitest"; describe("s", () => { beforeAll(() => { throw new Error("x"); }); it("d", () => {}); });`;
    const { code, failed } = await counts({ "a.test.ts": hook });
    expect(code).toBe(1);
    expect(failed).toBeGreaterThanOrEqual(1);
  });

  it("take an error outside of any test for a failure", async () => {
    const stray = `import { it } from "vitest"; it("e", async () => { void Promise.reject(new Error("stray")); await new Promise(setImmediate); });`;
    const { code, failed } = await counts({ "a.test.ts": stray });
    expect(code).toBe(1);
    expect(failed).toBeGreaterThanOrEqual(1);
  });
});

describe("the closing line", () => {
  it("is plain", () => {
    expect(closingLine({ passed: 812, failed: 0 })).toBe("812 passed, 0 failed");
  });
});
