import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KernelClient } from "./client";

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
});
afterAll(() => kernel.shutdown());

const KERNEL_FRAMES = /kernel-setup|node_modules\/tslab|node:internal|node:vm|async_hooks|evalmachine|__tslab__/;

describe("an error", () => {
  it("comes as a message with name, text and the cell's own line, and the same in the reply", async () => {
    const run = await kernel.execute(
      `const fine = 1;\ninterface Gone { a: number }\nfunction fail(): never {\n  throw new RangeError("too far");\n}\nfail();`,
    );
    expect(run.status).toBe("error");
    expect(run.reply.content).toMatchObject({ ename: "RangeError", evalue: "too far" });
    expect(run.error).toMatchObject({ ename: "RangeError", evalue: "too far" });
    expect(run.traceback).toMatch(/line 4:/);
    expect(run.traceback).toMatch(/----> 4 {3}throw new RangeError/);
    expect(run.traceback).toMatch(/at cell \[\d+\], line 6, column 1/);
    expect(run.traceback).not.toMatch(KERNEL_FRAMES);
    expect(run.stdout + run.stderr).toBe("");
  });

  it.each([
    ["after an await", `await null;\n\nthrow new Error("x");`, 3],
    ["in an awaited function", `async function f() {\n  await null;\n  throw new Error("x");\n}\nawait f();`, 3],
    ["from Node's own functions", `import { readFileSync } from "fs";\n\nreadFileSync("/no/such/file");`, 3],
    ["from an awaited one of Node's", `import { readFile } from "fs/promises";\n\nawait readFile("/no/such/file");`, 3],
    ["in a callback", `const a = [1];\na.forEach(() => {\n  throw new Error("x");\n});`, 3],
    ["in an arrow without braces", `const a = [1];\n\na.map((x: any) => x.b.c);`, 3],
    ["in a loop", `for (let i = 0; i < 3; i++) {\n  if (i === 2)\n    throw new Error("x");\n}`, 3],
  ])("%s shows the line of the cell", async (_, code, line) => {
    const run = await kernel.execute(code);
    expect(run.traceback).toContain(`line ${line}:`);
    expect(run.traceback).not.toMatch(KERNEL_FRAMES);
  });

  it("in a function of an earlier cell shows that cell's line", async () => {
    const defined = await kernel.execute(`// a comment\nfunction broken() {\n  throw new Error("deep");\n}`);
    const run = await kernel.execute(`broken();`);
    expect(run.traceback).toContain(`Cell [${String(defined.reply.content.execution_count)}], line 3:`);
  });

  it("of the type checker has line, column and a caret, and nothing of the cell is run", async () => {
    const run = await kernel.execute(`console.log("ran");\nconst n: number = "text";`);
    expect(run.error?.ename).toBe("TypeScriptError");
    expect(run.error?.evalue).toBe("line 2, column 7: Type 'string' is not assignable to type 'number'.");
    const lines = run.traceback.split("\n");
    const at = lines.findIndex((text) => text.includes("2 const n"));
    expect(lines[at + 1].indexOf("^")).toBe(lines[at].indexOf("n:"));
    expect(run.stdout).toBe("");
  });

  it("that is not an Error is shown as it was thrown", async () => {
    const run = await kernel.execute(`throw { code: 7 };`);
    expect(run.error).toMatchObject({ ename: "Thrown", evalue: "{ code: 7 }" });
  });

  it("shows its cause", async () => {
    const run = await kernel.execute(`throw new Error("outer", { cause: new TypeError("inner") });`);
    expect(run.traceback).toContain("caused by:\nTypeError: inner");
  });

  it("leaves variables that had got their value by then", async () => {
    await kernel.execute(`const kept = 5;\nthrow new Error("x");\nconst unreached = 6;`);
    expect((await kernel.execute("kept")).text).toBe("5");
    expect((await kernel.execute("unreached")).error?.evalue).toContain("Cannot find name 'unreached'");
  });

  it("of a promise that nobody awaits fails its cell", async () => {
    const run = await kernel.execute(`async function f() {\n  throw new Error("lost");\n}\nf();\nvoid 0;`);
    expect(run.status).toBe("error");
    expect(run.error?.evalue).toBe("lost");
    expect(run.traceback).toContain("line 2:");
  });

  it("of a promise that fails late goes to the cell it came from, and the cell that runs by then is fine", async () => {
    const first = kernel.submit(
      `void (async () => { await new Promise((r) => setTimeout(r, 300)); throw new Error("later"); })();`,
    );
    const second = await kernel.execute(`await new Promise((r) => setTimeout(r, 600)); 1`);
    expect(second.status).toBe("ok");
    const message = await kernel.waitFor(
      ({ header, content }) => header.msg_type === "error" && content.evalue === "later",
    );
    expect(message.parent_header.msg_id).toBe((await first).reply.parent_header.msg_id);
  });

  it("that is handled after all does not fail the cell", async () => {
    const run = await kernel.execute(`
      const p = Promise.reject(new Error("caught"));
      await new Promise((r) => setTimeout(r, 50));
      let seen = ""; try { await p; } catch (error) { seen = (error as Error).message; } seen`);
    expect(run.text).toBe("caught");
  });
});

describe("cells behind one that fails", () => {
  it("are aborted, and those sent after its reply are run", async () => {
    const runs = await Promise.all([`throw new Error("x")`, `"one"`, `"two"`].map((code) => kernel.submit(code)));
    expect(runs.map((run) => run.status)).toEqual(["error", "aborted", "aborted"]);
    expect(runs[1].of("status").map((status) => status.execution_state)).toEqual(["busy", "idle"]);
    expect((await kernel.execute(`"three"`)).text).toBe("three");
  });

  it("are run when stop_on_error is false", async () => {
    const first = kernel.submit(`throw new Error("x")`, { stopOnError: false });
    const runs = await Promise.all([first, kernel.submit(`"one"`), kernel.submit(`"two"`)]);
    expect(runs.map((run) => run.status)).toEqual(["error", "ok", "ok"]);
  });
});
