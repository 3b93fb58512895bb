import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KernelClient } from "./client";

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
  await kernel.execute(`const seed = 1; let rate = 0.5; const same = (options: object) => JSON.stringify(options);`);
});
afterAll(() => kernel.shutdown());

const text = async (code: string): Promise<unknown> => (await kernel.execute(code)).result?.["text/plain"];

describe("a name alone between braces", () => {
  it("stands for a variable of an earlier cell", async () => {
    expect(await text("same({ epochs: 2, seed })")).toBe('{"epochs":2,"seed":1}');
  });

  it("stands for the nearest variable of that name", async () => {
    expect(await text("(() => { const seed = 7; return same({ seed, rate }); })()")).toBe('{"seed":7,"rate":0.5}');
  });

  it("stands for a function and an import of an earlier cell", async () => {
    await kernel.execute(`import { sep } from "node:path"; function half(x: number) { return x / 2; }`);
    expect(await text("const bag = { half, sep }; bag.half(3) + bag.sep")).toBe("1.5/");
  });

  it("takes a value apart into variables of an earlier cell", async () => {
    expect(await text("({ rate } = { rate: 0.25 }); rate")).toBe("0.25");
    expect(await text("({ rate = 0.125 } = {} as { rate?: number }); rate")).toBe("0.125");
  });

  it("leaves the line and column of an error behind it as they are", async () => {
    const { traceback } = await kernel.execute(`const bag2 = { seed };\nthrow new Error(same({ seed }));`);
    expect(traceback).toContain("line 2:");
    expect(traceback).toMatch(/-> 2 throw new Error\(same\(\{ seed \}\)\);\n +\^\n/);
  });
});

describe("a property taken from what an earlier cell returns", () => {
  beforeAll(() => kernel.execute(`const loss = 9; const measure = () => ({ loss: 1, rate: 0.25 });`));

  it.each([
    ["by a declaration", "const { loss: first, rate: second } = measure(); first + second", "1.25"],
    ["by an assignment", "let third = 0; ({ loss: third } = measure()); third", "1"],
    ["by a loop", "let sum = 0; for (const { loss: one } of [measure(), measure()]) sum += one; sum", "2"],
    ["by a parameter", "(({ loss: one }: { loss: number }) => one)(measure())", "1"],
    ["beside a variable of the same name", "const { loss: fourth } = measure(); fourth + loss", "10"],
  ])("can be renamed %s", async (_, code, expected) => {
    expect(await text(code)).toBe(expected);
  });
});
