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
});
