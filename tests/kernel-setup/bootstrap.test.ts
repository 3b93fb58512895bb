import { cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ended, root, temporaryFolder, write } from "./sandbox";

const lock = (version: string) =>
  JSON.stringify({
    packages: {
      "": { name: "course" },
      "node_modules/a": { version, integrity: `sha512-${version}` },
      "node_modules/other-platform": { version: "1.0.0", optional: true },
    },
  });
const installed = (version: string) =>
  JSON.stringify({ packages: { "node_modules/a": { version, integrity: `sha512-${version}` } } });

/** A clone of three files with an npm and a compiler that write down that they were called. */
function clone({ packages = "1.0.0" as string | null, npm = "", compiler = "" } = {}) {
  const folder = temporaryFolder();
  const called = (name: string) =>
    `require("fs").appendFileSync(${JSON.stringify(join(folder, "calls"))}, "${name} ");`;
  const commands = ["setup", "start", "test", "doctor"].map((name) => [
    `kernel-setup/dist/${name}.js`,
    `console.log(JSON.stringify(process.argv.slice(1)))`,
  ]);
  write(folder, {
    "package-lock.json": lock("1.0.0"),
    "lib/src/index.ts": "export {};\n",
    "kernel-setup/src/index.ts": "export {};\n",
    "lib/dist/index.js": "",
    "node_modules/typescript/bin/tsc": `${called("tsc")}${compiler}`,
    "npm.js": `${called("npm")}${npm || `require("fs").writeFileSync("node_modules/.package-lock.json", ${JSON.stringify(installed("1.0.0"))})`}`,
    ...Object.fromEntries(commands),
    ...(packages ? { "node_modules/.package-lock.json": installed(packages) } : {}),
  });
  cpSync(join(root, "kernel-setup/bootstrap.cjs"), join(folder, "kernel-setup/bootstrap.cjs"));
  const calls = () => (existsSync(join(folder, "calls")) ? readFileSync(join(folder, "calls"), "utf8").trim() : "");
  const start = (args: string[], nodeFlags: string[] = []) =>
    ended(process.execPath, [...nodeFlags, join(folder, "kernel-setup/bootstrap.cjs"), ...args], {
      env: { ...process.env, npm_execpath: join(folder, "npm.js") },
    });
  return { folder, calls, start };
}

describe("the bootstrap", () => {
  it("installs the npm packages, builds, and hands over with the rest of the arguments", async () => {
    const { folder, calls, start } = clone({ packages: null });
    const { code, stdout } = await start(["start", "--port", "8899"]);
    expect(code).toBe(0);
    expect(calls()).toBe("npm tsc");
    expect(JSON.parse(stdout)).toEqual([join(folder, "kernel-setup/dist/start.js"), "--port", "8899"]);
  });

  it("does neither a second time", async () => {
    const { calls, start } = clone({ packages: null });
    await start(["setup"]);
    const { stderr } = await start(["setup"]);
    expect(calls()).toBe("npm tsc");
    expect(stderr).toBe("");
  });

  it("installs again for a changed lock file, and builds again with the new packages", async () => {
    const { folder, calls, start } = clone();
    await start(["setup"]);
    write(folder, {
      "package-lock.json": lock("2.0.0"),
      "npm.js": readFileSync(join(folder, "npm.js"), "utf8").replaceAll("1.0.0", "2.0.0"),
    });
    expect((await start(["setup"])).code).toBe(0);
    expect(calls()).toBe("tsc npm tsc");
  });

  it("installs again for a workspace of another version, which has no checksum", async () => {
    const { folder, calls, start } = clone();
    const withLibrary = (text: string, version: string) =>
      text.replace('"packages":{', `"packages":{"lib":{"version":"${version}"},`);
    write(folder, {
      "package-lock.json": withLibrary(lock("1.0.0"), "0.2.0"),
      "node_modules/.package-lock.json": withLibrary(installed("1.0.0"), "0.1.0"),
    });
    await start(["setup"]);
    expect(calls()).toMatch(/^npm/);
  });

  it("installs again after an installation that was cut short", async () => {
    const { folder, calls, start } = clone();
    await start(["setup"]);
    rmSync(join(folder, "node_modules/.package-lock.json"));
    await start(["setup"]);
    expect(calls()).toBe("tsc npm");
  });

  it("builds again when a source changes or the built library is gone", async () => {
    const { folder, calls, start } = clone();
    await start(["setup"]);
    write(folder, { "lib/src/index.ts": "export const one = 1;\n" });
    await start(["setup"]);
    rmSync(join(folder, "lib/dist/index.js"));
    await start(["setup"]);
    expect(calls()).toBe("tsc tsc tsc");
  });

  it("takes an npm that installs something else for failed", async () => {
    const { start } = clone({ packages: null, npm: `console.log("npm error something new")` });
    const { code, stderr } = await start(["setup"]);
    expect(code).toBe(1);
    expect(stderr).toContain("why: npm error something new");
  });

  it.each([
    ["npm error code EAI_AGAIN\\nnpm error network request to x failed", "the npm registry cannot be reached"],
    ["npm error code ENOSPC\\nnpm error nospc no space left", "the disk is full"],
    ["npm error code EROFS\\nnpm error rofs read-only", "this folder cannot be written"],
    ["npm error code EACCES\\nnpm error syscall mkdir", "this folder cannot be written"],
  ])("says what npm's %j means, in at most five lines", async (message, why) => {
    const { start } = clone({ packages: null, npm: `console.error("${message}"); process.exitCode = 1;` });
    const { code, stderr, stdout } = await start(["setup"]);
    expect(code).toBe(1);
    expect(stderr).toContain(`why: ${why}`);
    expect(stderr).toMatch(/\n {2}do: {2}\S/);
    expect((stdout + stderr).trim().split("\n").length).toBeLessThanOrEqual(5);
  });

  it("ends npm test with the closing line even if nothing could be installed", async () => {
    const { start } = clone({ packages: null, npm: "process.exitCode = 1;" });
    const { code, stdout } = await start(["test"]);
    expect(code).toBe(1);
    expect(stdout.trim().split("\n").pop()).toBe("0 passed, 1 failed");
  });

  it("stops the set-up at a type error, names it, and builds again next time", async () => {
    const compiler = `console.log("lib/src/a.ts(3,7): error TS2322: Type 'string' is not assignable."); process.exitCode = 2;`;
    const { calls, start } = clone({ compiler });
    const { code, stderr } = await start(["setup"]);
    expect(code).toBe(1);
    expect(stderr).toContain("why: lib/src/a.ts(3,7): error TS2322");
    await start(["setup"]);
    expect(calls()).toBe("tsc tsc");
  });

  it("says that the folder cannot be written where the compiler finds that out", async () => {
    const compiler = `console.log("error TS5033: Could not write file 'lib/dist/index.js': EROFS: read-only file system"); process.exitCode = 2;`;
    const { code, stderr } = await clone({ compiler }).start(["start"]);
    expect(code).toBe(1);
    expect(stderr).toContain("why: this folder cannot be written");
  });

  it("says that the folder cannot be written where nothing but its own note is left to write", async () => {
    const { folder, start } = clone();
    const refuse = `require("fs").writeFileSync = () => { throw new Error("EROFS: read-only file system, open"); };`;
    write(folder, { "refuse.cjs": refuse });
    const { code, stderr } = await start(["setup"], ["--require", join(folder, "refuse.cjs")]);
    expect(code).toBe(1);
    expect(stderr).toContain("why: this folder cannot be written");
  });

  it("lets the tests run in spite of a type error, which they report themselves", async () => {
    const { start } = clone({ compiler: `console.log("lib/src/a.ts(3,7): error TS1: x"); process.exitCode = 2;` });
    const { code, stderr, stdout } = await start(["test"]);
    expect(code).toBe(0);
    expect(stderr).toContain("error TS1");
    expect(stdout).toContain("test.js");
  });

  it.each([
    ["v18.20.4", false],
    ["v20.18.3", false],
    ["v20.19.0", true],
    ["v21.7.3", false],
    ["v22.11.0", false],
    ["v22.12.0", true],
    ["v26.0.0", true],
  ])("on Node %s runs: %s", async (version, runs) => {
    const { folder, calls, start } = clone();
    write(folder, { "version.cjs": `Object.defineProperty(process, "version", { value: "${version}" });` });
    const { code, stderr } = await start(["setup"], ["--require", join(folder, "version.cjs")]);
    expect(code).toBe(runs ? 0 : 1);
    expect(calls()).toBe(runs ? "tsc" : "");
    if (!runs) expect(stderr).toContain(`✗ Node ${version} does not fit`);
  });

  it("lets the doctor speak before anything is installed, and installs nothing for it", async () => {
    const { calls, start } = clone({ packages: null });
    const text = await start(["doctor"]);
    expect(text.code).toBe(1);
    expect(text.stderr).toContain("run `npm run setup`");
    const json = await start(["doctor", "--json"]);
    expect(json.code).toBe(1);
    expect(Object.keys(JSON.parse(json.stdout) as object)).toEqual(
      expect.arrayContaining([
        "node",
        "python",
        "tensorflow",
        "binding",
        "backend",
        "device",
        "gpu",
        "kernel",
        "data",
        "ok",
      ]),
    );
    expect(JSON.parse(json.stdout)).toMatchObject({ node: process.version, ok: false, binding: null });
    expect(calls()).toBe("");
  });

  it("is written so that the oldest Node can parse it and say that it is too old", () => {
    const text = readFileSync(join(root, "kernel-setup/bootstrap.cjs"), "utf8");
    expect(text).not.toMatch(/=>|\b(let|const|async|await|class)\b|`\$\{|\?\.|\?\?|\.\.\./);
  });
});
