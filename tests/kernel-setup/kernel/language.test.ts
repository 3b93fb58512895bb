import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KernelClient } from "./client";

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
  await kernel.execute(`
/**
 * Adds two numbers.
 *
 * @param a The first.
 * @param b The second.
 * @returns Their sum.
 */
function plus(a: number, b: number): number { return a + b; }
const settings = { learningRate: 0.1, momentum: 0.9 };`);
});
afterAll(() => kernel.shutdown());

const ask = async (type: string, content: Record<string, unknown>) =>
  (await kernel.request("shell", `${type}_request`, content)).content;

describe("completion", () => {
  it("knows the members of variables of earlier cells", async () => {
    const code = "settings.mo";
    const reply = await ask("complete", { code, cursor_pos: code.length });
    expect(reply).toMatchObject({ status: "ok", matches: ["momentum"], cursor_start: 9, cursor_end: 11 });
  });

  it("counts characters as Jupyter does, also behind an emoji", async () => {
    const code = `"🙂"; settings.mo`;
    const reply = await ask("complete", { code, cursor_pos: Array.from(code).length });
    expect(reply).toMatchObject({ matches: ["momentum"], cursor_start: 14, cursor_end: 16 });
  });
});

describe("inspection", () => {
  it("shows the signature and the doc comment as Markdown, and as text", async () => {
    for (const cursor_pos of [2, 4]) {
      const { found, data } = await ask("inspect", { code: "plus(1, 2)", cursor_pos, detail_level: 0 });
      expect(found).toBe(true);
      const { "text/markdown": markdown, "text/plain": plain } = data as Record<string, string>;
      expect(markdown).toContain("```typescript\nfunction plus(a: number, b: number): number\n```");
      expect(markdown).toContain("Adds two numbers.");
      expect(markdown).toContain("- `a` The first.");
      expect(markdown).toContain("*returns* Their sum.");
      expect(plain).toContain("function plus(a: number, b: number): number\n\nAdds two numbers.");
    }
  });

  it("finds nothing where nothing is", async () => {
    expect(await ask("inspect", { code: "   ", cursor_pos: 1 })).toMatchObject({
      status: "ok",
      found: false,
      data: {},
    });
  });

  it("shows the page of a name with a question mark, and an error for an unknown name", async () => {
    const run = await kernel.execute("plus?");
    const [page] = run.reply.content.payload as { source: string; data: Record<string, string> }[];
    expect(page.source).toBe("page");
    expect(page.data["text/markdown"]).toContain("Adds two numbers.");
    expect((await kernel.execute("nobody?")).error?.evalue).toContain("nobody");
  });
});

describe("is_complete", () => {
  it.each([
    ["1 + 1", "complete"],
    ["await plus(1, 2)", "complete"],
    ["plus?", "complete"],
    ["function f() {", "incomplete"],
    ["const = 3", "invalid"],
  ])("says of %s that it is %s", async (code, status) => {
    expect((await ask("is_complete", { code })).status).toBe(status);
  });
});

describe("input", () => {
  it("asks through the front end and gives the cell the answer", async () => {
    const asked: unknown[] = [];
    kernel.onInput = (content) => {
      asked.push(content);
      return "Ada";
    };
    const code = `const name = await input("name? "); const key = await input("key", { password: true }); name.length`;
    expect((await kernel.execute(code, { allowStdin: true })).text).toBe("3");
    expect(asked).toEqual([
      { prompt: "name? ", password: false },
      { prompt: "key", password: true },
    ]);
  });

  it("is ended by Stop while it waits, and the next question gets its own answer", async () => {
    kernel.onInput = () => {
      void kernel.interrupt();
      return new Promise<string>(() => undefined);
    };
    const run = await kernel.execute(`await input("?")`, { allowStdin: true });
    expect(run.error?.ename).toBe("KeyboardInterrupt");
    kernel.onInput = () => "second";
    expect((await kernel.execute(`await input("?")`, { allowStdin: true })).text).toBe("second");
  });

  it("fails with a clear message where nobody can answer", async () => {
    const run = await kernel.execute(`await input("?")`);
    expect(run.error?.ename).toBe("StdinNotImplementedError");
  });
});
