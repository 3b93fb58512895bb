import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KernelClient } from "./client";

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
});
afterAll(() => kernel.shutdown());

/** The text of the last cell's value. */
async function run(...cells: string[]): Promise<unknown> {
  let text: unknown;
  for (const cell of cells) {
    const done = await kernel.execute(cell);
    expect(done.status, done.traceback).toBe("ok");
    ({ text } = done);
  }
  return text;
}

describe("a variable that a later cell assigns", () => {
  it("is changed for the functions of its own cell", async () => {
    const cell =
      "let rate = 0.1, steps: number[] = []; const step = () => { steps.push(rate); return steps; }; step();";
    expect(await run(cell, "rate = 0.5; steps = [];", "step()")).toBe("[ 0.5 ]");
  });

  it("sees what those functions do to it, and the other way round", async () => {
    expect(await run("let n = 0; function count() { return ++n; }", "n = 10; count();", "n += 1; count()")).toBe("13");
  });

  it("may be one of several that were taken out of a value, or a var", async () => {
    const cell = "let { a, b: [, c] } = { a: 1, b: [2, 3] }; var d = 4; const sum = () => a + c + d;";
    expect(await run(cell, "a = 10; c = 30; d = 40;", "sum()")).toBe("80");
  });

  it("works in a cell that awaits", async () => {
    expect(await run("let w = await Promise.resolve(1); const get = () => w;", "w = 2;", "get()")).toBe("2");
  });
});

describe("a name that a later cell declares again", () => {
  it.each(["let", "const", "var"])("is another variable with %s, and earlier functions keep theirs", async (kind) => {
    const cells = ["let name = 1; const first = () => name;", `${kind} name = 2;`, "[first(), name]"];
    expect(await run(...cells)).toBe("[ 1, 2 ]");
  });

  it("is another one as a function, too, and when its own cell is run again", async () => {
    expect(await run("let f = () => 1; const g = () => f();", "function f() { return 2; }", "[g(), f()]")).toBe(
      "[ 1, 2 ]",
    );
    expect(await run("let i = 0; const up = () => ++i;", "up();", "let i = 0; const up = () => ++i;", "up()")).toBe(
      "1",
    );
  });
});

it("an error before the declaration leaves no variable behind", async () => {
  await kernel.execute(`throw new Error("x"); let late = 1;`);
  expect((await kernel.execute("late")).error?.evalue).toContain("Cannot find name 'late'");
});
