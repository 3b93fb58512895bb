import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KernelClient } from "./client";

let folder: string;
let kernel: KernelClient;

/** What a build leaves: code and types of a linked package of two files. */
function build(value: string, type: string): void {
  const dist = join(folder, "lib", "dist");
  mkdirSync(dist, { recursive: true });
  writeFileSync(join(dist, "inner.js"), `exports.version = ${value};`);
  writeFileSync(join(dist, "inner.d.ts"), `export declare const version: ${type};`);
  writeFileSync(join(dist, "index.js"), `exports.version = require("./inner").version;`);
  writeFileSync(join(dist, "index.d.ts"), `export * from "./inner";`);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nablab-rebuilt-"));
  mkdirSync(join(folder, "node_modules"));
  mkdirSync(join(folder, "lib"));
  symlinkSync(join(folder, "lib"), join(folder, "node_modules", "linked"));
  writeFileSync(
    join(folder, "lib", "package.json"),
    JSON.stringify({ name: "linked", main: "dist/index.js", types: "dist/index.d.ts" }),
  );
  kernel = await KernelClient.start({ cwd: folder });
});
afterAll(async () => {
  await kernel.shutdown();
  rmSync(folder, { recursive: true });
});

describe("a rebuilt library", () => {
  it("is found by the cell that imports it again, after a first build", async () => {
    expect((await kernel.execute(`import { version } from "linked";`)).error?.evalue).toContain("Cannot find module");
    build("1", "number");
    expect((await kernel.execute(`import { version } from "linked"; version`)).result?.["text/plain"]).toBe("1");
  });

  it("gives its new code and its new types without a restart", async () => {
    build(`"two"`, "string");
    const run = await kernel.execute(`import { version } from "linked"; version.toUpperCase()`);
    expect(run.result?.["text/plain"]).toBe("TWO");
  });

  it("leaves code alone that does not import it again", async () => {
    await kernel.execute(`const before = version;`);
    build("3", "number");
    expect((await kernel.execute("before")).result?.["text/plain"]).toBe("two");
    expect((await kernel.execute(`import { version } from "linked"; version + 1`)).result?.["text/plain"]).toBe("4");
  });
});
