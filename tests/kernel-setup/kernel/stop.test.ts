import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KernelClient, type Run } from "./client";

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
  await kernel.execute("let counter = 0");
});
afterAll(() => kernel.shutdown());

/** Runs a cell, presses Stop once it says that it is under way, and tells how long it went on. */
async function stopped(code: string): Promise<{ run: Run; milliseconds: number }> {
  let pressed = 0;
  const run = await kernel.execute(code, {
    onMessage(message) {
      if (pressed > 0 || message.header.msg_type !== "stream") return;
      pressed = performance.now();
      void kernel.interrupt();
    },
  });
  return { run, milliseconds: performance.now() - pressed };
}

const endless = {
  "a synchronous loop": `console.log("go"); while (true) counter++;`,
  "a synchronous loop after an await": `await null; console.log("go"); while (true) counter++;`,
  "a loop with awaits": `console.log("go"); while (true) { counter++; await new Promise((r) => setTimeout(r, 5)); }`,
  "a loop over awaits that are always ready": `console.log("go"); while (true) { counter++; await null; }`,
  "a loop in a function of an earlier cell": `console.log("go"); await spin();`,
  "a promise that never settles": `console.log("go"); await new Promise(() => {});`,
  "a for await over an endless source": `
    async function* ticks() { while (true) { await new Promise((r) => setTimeout(r, 5)); yield counter++; } }
    console.log("go"); for await (const tick of ticks()) void tick;`,
};

describe("Stop", () => {
  it.each(Object.entries(endless))("ends %s within a second", async (_, code) => {
    await kernel.execute(
      `async function spin() { while (true) { counter++; await new Promise((r) => setTimeout(r, 5)); } }`,
    );
    const { run, milliseconds } = await stopped(code);
    expect(milliseconds).toBeLessThan(1000);
    expect(run.status).toBe("error");
    expect(run.error?.ename).toBe("KeyboardInterrupt");
    // What was stopped does not go on behind the learner's back.
    const before = (await kernel.execute("counter")).result?.["text/plain"];
    const after = (await kernel.execute("await new Promise((r) => setTimeout(r, 60)); counter")).result?.["text/plain"];
    expect(after).toBe(before);
  });
});
