import { describe, expect, it } from "vitest";
import { AdamW, MovingAverage } from "../../../lib/src/optim";
import { tf } from "../../../lib/src/tensorflow";
import { fixture, Problem } from "./problem";

describe("MovingAverage", () => {
  it("equals optax's incremental update over 100 steps", () => {
    const before = tf.memory().numTensors;
    const problem = new Problem();
    const optimizer = new AdamW({ learningRate: 0.01, weightDecay: 0.1 });
    const averaged = new MovingAverage([problem.w, problem.b], { decay: 0.9 });
    problem.train((x, y) => {
      const loss = problem.step(optimizer, x, y);
      averaged.update();
      return loss;
    });
    const { average } = fixture.cases.adamw;
    const got = averaged.averages.flatMap((v) => [...v.dataSync()]);
    expect(got).toBeAllclose([...average.w, ...average.b], { atol: 2e-4 });
    averaged.dispose();
    optimizer.dispose();
    problem.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("lends the averages to a function, and gives the weights back even if it fails or waits", async () => {
    const w = tf.variable(tf.scalar(0));
    const averaged = new MovingAverage([w], { decay: 0.5 });
    w.assign(tf.scalar(8));
    averaged.update();
    expect(averaged.use(() => w.dataSync()[0])).toBe(4);
    expect(w.dataSync()[0]).toBe(8);
    expect(() =>
      averaged.use(() => {
        throw new Error("on the way");
      }),
    ).toThrow("on the way");
    expect(w.dataSync()[0]).toBe(8);
    const seen = averaged.use(async () => (await w.data())[0]);
    expect(w.dataSync()[0]).toBe(4);
    expect(await seen).toBe(4);
    expect(w.dataSync()[0]).toBe(8);
  });

  it("lends the averages to calls within each other and side by side, until the last has ended", async () => {
    const w = tf.variable(tf.scalar(0));
    const averaged = new MovingAverage([w], { decay: 0.5 });
    w.assign(tf.scalar(8));
    averaged.update();
    const value = () => w.dataSync()[0];
    expect(averaged.use(() => [averaged.use(value), value()])).toEqual([4, 4]);
    expect(value()).toBe(8);
    let end = () => {};
    const first = averaged.use(() => new Promise<void>((resolve) => (end = resolve)));
    const second = averaged.use(async () => (await w.data())[0]);
    expect(() => averaged.update()).toThrow("Remedy: await use() first.");
    expect(await second).toBe(4);
    expect(value()).toBe(4);
    end();
    await first;
    expect(value()).toBe(8);
  });

  it("exchanges nothing where a variable is gone, and leaves no tensor", () => {
    const before = tf.memory().numTensors;
    const [v, w] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(2))];
    expect(() => new MovingAverage([v], { dacay: 0.5 } as object)).toThrow("did you mean decay?");
    const averaged = new MovingAverage([v, w], { decay: 0 });
    v.assign(tf.scalar(5));
    w.dispose();
    expect(() => averaged.use(() => 0)).toThrow("MovingAverage.swap() got variables after it was disposed of.");
    expect(v.dataSync()[0]).toBe(5);
    expect(() => new MovingAverage([v, w])).toThrow("MovingAverage() got variables after it was disposed of.");
    averaged.dispose();
    v.dispose();
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before + 3); // the scalars of this test
  });
});
