import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KernelClient } from "./client";

let folder: string;
let kernel: KernelClient;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nablab-modules-"));
  writeFileSync(join(folder, "inner.ts"), `export const base: number = 1;`);
  writeFileSync(
    join(folder, "outer.ts"),
    `import { base } from "./inner";\nexport const sum = (n: number) => base + n;`,
  );
  kernel = await KernelClient.start({ cwd: folder });
});
afterAll(async () => {
  await kernel.shutdown();
  rmSync(folder, { recursive: true });
});

describe("a module of the learner's own", () => {
  it("beside the notebook is compiled with what it imports", async () => {
    expect((await kernel.execute(`import { sum } from "./outer"; sum(2)`)).text).toBe("3");
  });

  it("is compiled again when it was edited", async () => {
    writeFileSync(join(folder, "outer.ts"), `export const sum = (n: number) => "now " + n;`);
    expect((await kernel.execute(`import { sum } from "./outer"; sum(2).length`)).text).toBe("5");
  });

  it("in a cell of its own is imported by its name, and its type errors are shown", async () => {
    await kernel.execute(`/** @module shapes */\nexport const area = (r: number) => Math.PI * r ** 2;`);
    expect((await kernel.execute(`import { area } from "./shapes"; area(1) > 3`)).text).toBe("true");
    const wrong = await kernel.execute(`/** @module wrong */\nexport const n: number = "x";`);
    expect(wrong.error?.ename).toBe("TypeScriptError");
  });
});

describe("a cell", () => {
  it("may use for await outside all functions", async () => {
    const run = await kernel.execute(`
      async function* three() { yield 1; yield 2; yield 3; }
      let total = 0; for await (const n of three()) total += n; total`);
    expect(run.text).toBe("6");
  });
});
