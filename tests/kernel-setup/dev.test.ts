import { spawn } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { mirrorClone, root, write } from "./sandbox";

/** Starts `npm run dev` in a clone with a small library, and hands out the lines it prints one by one. */
function startDev(clone: string) {
  const child = spawn(process.execPath, [join(clone, "kernel-setup/dist/dev.js")], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGTERM"));
  const lines: string[] = [];
  let wake = () => {};
  const take = (text: Buffer) => {
    lines.push(...String(text).split("\n").filter(Boolean));
    wake();
  };
  child.stdout.on("data", take);
  child.stderr.on("data", take);
  return async () => {
    while (!lines.length) await new Promise<void>((resolve) => (wake = resolve));
    return lines.shift()!;
  };
}

describe("npm run dev", () => {
  it("says in one line per save what was rebuilt or what is wrong, and recovers", async () => {
    const clone = mirrorClone();
    cpSync(join(root, "lib/tsconfig.json"), join(clone, "lib/tsconfig.json"));
    const settings = readFileSync(join(root, "tsconfig.json"), "utf8");
    write(clone, {
      "tsconfig.json": settings.replace(/,\s*\{\s*"path": "kernel-setup"\s*\}/, ""),
      "kernel-setup/dist/setup/setup.js": "exports.setUp = async () => 0;",
      "lib/src/index.ts": "export const one: number = 1;\n",
      "kernel-setup/src/index.ts": "export {};\n",
    });
    const line = startDev(clone);
    expect(await line()).toContain("watching lib/ and kernel-setup/");
    expect(await line()).toMatch(/^rebuilt lib in \d+\.\d s$/);

    write(clone, { "lib/src/index.ts": `export const one: number = "1";\nexport const two: string = 2;\n` });
    expect(await line()).toMatch(/^✗ lib\/src\/index\.ts:1:14 error TS2322: .* \(and 1 more\)$/);

    write(clone, { "lib/src/index.ts": "export const one: number = 11;\n" });
    expect(await line()).toMatch(/^rebuilt lib in \d+\.\d s$/);
  });
});
