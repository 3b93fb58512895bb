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
  "a long wait in a function that the same cell imports": `
    import { setTimeout as wait } from "timers/promises";
    console.log("go"); await wait(1e9);`,
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
    const next = await kernel.execute("counter");
    expect(next.status, next.traceback).toBe("ok");
    const before = next.result?.["text/plain"];
    const after = (await kernel.execute("await new Promise((r) => setTimeout(r, 60)); counter")).result?.["text/plain"];
    expect(after).toBe(before);
  });

  it("ends model.fit within a second, and the training really stops", async () => {
    const prepared = await kernel.execute(`
      import * as tf from "@tensorflow/tfjs-node-gpu";
      let batches = 0;
      const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4] })] });
      model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
      const x = tf.ones([64, 4]); const y = tf.ones([64, 1]);
      const callbacks = { onBatchEnd: async () => { if (batches++ === 20) console.log("go"); } };`);
    expect(prepared.status, prepared.traceback).toBe("ok");
    const { run, milliseconds } = await stopped(`
      const history = await model.fit(x, y, { epochs: 1e6, batchSize: 8, verbose: 0, callbacks });`);
    expect(milliseconds).toBeLessThan(1000);
    expect(run.error?.ename).toBe("KeyboardInterrupt");
    const before = (await kernel.execute("batches")).text;
    expect((await kernel.execute("await new Promise((r) => setTimeout(r, 150)); batches")).text).toBe(before);
    // The history up to there is not lost.
    expect((await kernel.execute("Object.keys(history.history)")).text).toBe("[ 'loss' ]");
  });

  it("ends a training that a cell left running", async () => {
    await kernel.execute(`let late = 0;
      async function background() { for (;;) { late++; await new Promise((r) => setTimeout(r, 5)); } }
      void background();`);
    await kernel.interrupt();
    const before = (await kernel.execute("await new Promise((r) => setTimeout(r, 50)); late")).text;
    expect((await kernel.execute("await new Promise((r) => setTimeout(r, 100)); late")).text).toBe(before);
  });

  it("runs finally blocks, and leaves the variables of the cell", async () => {
    const { run } = await stopped(`let rounds = 0;
      try { console.log("go"); for (;;) rounds++; } finally { console.log("tidied"); }`);
    expect(run.stdout).toBe("go\ntidied\n");
    expect(Number((await kernel.execute("rounds")).text)).toBeGreaterThan(0);
  });

  it("ends a synchronous call into a library that loops by itself", async () => {
    const { run, milliseconds } = await stopped(`console.log("go"); new Function("for (;;);")();`);
    expect(milliseconds).toBeLessThan(1000);
    expect(run.error?.ename).toBe("KeyboardInterrupt");
  });

  it("aborts the signal that any cell and the library can use, and gives the next cell a fresh one", async () => {
    const seam = `(globalThis as any)[Symbol.for("nablab.kernel")]`;
    const { run } = await stopped(`
      const mine = cellSignal(); const theirs: AbortSignal = ${seam}.signal;
      console.log("go"); await new Promise<void>((done) => mine.addEventListener("abort", () => done()));`);
    expect(run.error?.ename).toBe("KeyboardInterrupt");
    expect((await kernel.execute(`[mine.aborted, theirs === mine, cellSignal().aborted]`)).text).toBe(
      "[ true, true, false ]",
    );
  });

  it("is heard by synchronous library code that looks at the signal", async () => {
    const seam = `globalThis[Symbol.for("nablab.kernel")]`;
    const { run, milliseconds } = await stopped(
      `await null; console.log("go"); new Function('while (!${seam.replace(/"/g, '\\"')}.signal.aborted);')();`.replace(
        /\\"/g,
        '"',
      ),
    );
    expect(milliseconds).toBeLessThan(1000);
    expect(run.error?.ename).toBe("KeyboardInterrupt");
  });

  it("works by SIGINT too", async () => {
    // After an await: Node drops a SIGINT that comes just when `vm` has run a script and hands signals back to the process.
    const run = await kernel.execute(`await null; console.log("go"); await new Promise(() => {});`, {
      onMessage: ({ header }) => void (header.msg_type === "stream" && kernel.process.kill("SIGINT")),
    });
    expect(run.error?.ename).toBe("KeyboardInterrupt");
  });

  it("does nothing when nothing runs", async () => {
    expect((await kernel.interrupt()).content).toEqual({ status: "ok" });
    expect((await kernel.execute("1")).text).toBe("1");
  });
});
