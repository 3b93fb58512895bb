import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KernelClient } from "./client";

let kernels: KernelClient[];
beforeAll(async () => {
  kernels = await Promise.all([KernelClient.start(), KernelClient.start()]);
});
afterAll(() => Promise.all(kernels.map((kernel) => kernel.shutdown())));

/** A step that takes a while, and gives every variable the same number. */
const slow = `
  import { tf, compile } from "nablab";
  const big = tf.fill([900, 900], 1 / 900) as tf.Tensor2D; // its powers are itself
  const counters = [0, 1, 2].map(() => tf.tidy(() => tf.variable(tf.scalar(0))));
  function advance() {
    let one: tf.Tensor2D = big;
    for (let i = 0; i < 8; i++) one = one.matMul(big) as tf.Tensor2D;
    const by = one.mean().mul(900).round(); // 1, but only after all the products
    for (const counter of counters) counter.assign(counter.add(by));
    return counters[0].clone();
  }
  const step = compile(advance);
  const read = () => counters.map((counter) => counter.dataSync()[0]);`;

async function stopped(kernel: KernelClient, code: string): Promise<void> {
  let pressed = false;
  const run = await kernel.execute(code, {
    onMessage({ header }) {
      if (pressed || header.msg_type !== "stream") return;
      pressed = true;
      void kernel.interrupt();
    },
  });
  expect(run.error?.ename, run.traceback).toBe("KeyboardInterrupt");
}

const json = async (kernel: KernelClient, code: string): Promise<unknown> => {
  const run = await kernel.execute(`JSON.stringify(${code})`);
  expect(run.status, run.traceback).toBe("ok");
  return JSON.parse(String(run.text));
};

describe("Stop during compiled steps", () => {
  const loops = {
    "calls of a recorded step": `step().dispose(); for (let i = 0; ; i++) { if (i === 3) console.log("go"); step().dispose(); }`,
    "recording, again and again": `for (let i = 0; ; i++) { if (i === 1) console.log("go"); step().dispose(); step.dispose(); }`,
  };

  it.each(Object.entries(loops))("leaves the variables consistent: %s", async (_, loop) => {
    const [kernel] = kernels;
    const prepared = await kernel.execute(slow);
    expect(prepared.status, prepared.traceback).toBe("ok");
    for (let i = 0; i < 4; i++) {
      await stopped(kernel, loop);
      const [first, ...rest] = (await json(kernel, "read()")) as number[];
      expect(rest).toEqual([first, first]);
      expect(Number.isInteger(first)).toBe(true);
      // The next call goes on from there, whole.
      expect(await json(kernel, "[...step().dataSync(), ...read()]")).toEqual([1, 1, 1, 1].map((one) => first + one));
    }
    const other = `(() => { const twice = compile((x: tf.Tensor) => x.mul(2)); return [1, 2, 3].map((x) => twice(tf.scalar(x)).dataSync()[0]); })()`;
    expect(await json(kernel, other)).toEqual([2, 4, 6]);
  });
});

describe("two kernels on one machine", () => {
  it("train compiled steps at the same time to the numbers that each gets alone", async () => {
    const train = (seed: number) => `
      import { tf, compile, setRandomSeed } from "nablab";
      setRandomSeed(${seed});
      const W = tf.tidy(() => tf.variable(tf.randomNormal([16, 16], 0, 0.3, "float32", ${seed})));
      const optimizer = tf.train.adam(0.01);
      const learn = compile((x: tf.Tensor2D) => optimizer.minimize(() => tf.dropout(x.matMul(W as tf.Tensor2D), 0.2).square().mean(), true, [W])!);
      const x = tf.randomNormal([32, 16], 0, 1, "float32", ${seed + 7}) as tf.Tensor2D;
      JSON.stringify(Array.from({ length: 300 }, () => tf.tidy(() => learn(x).dataSync()[0])))`;
    const losses = async (kernel: KernelClient, seed: number): Promise<unknown> => {
      const run = await kernel.execute(train(seed));
      expect(run.status, run.traceback).toBe("ok");
      return run.text;
    };
    const alone = [await losses(kernels[0], 1), await losses(kernels[1], 2)];
    const together = await Promise.all([losses(kernels[0], 1), losses(kernels[1], 2)]);
    expect(together).toEqual(alone);
    expect(alone[0]).not.toEqual(alone[1]);
  });
});
