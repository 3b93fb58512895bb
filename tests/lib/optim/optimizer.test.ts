import { describe, expect, it } from "vitest";
import { compile } from "../../../lib/src/capture";
import { AdamW, cosine, Lion, Muon, Optimizer, Sgd } from "../../../lib/src/optim";
import { tf } from "../../../lib/src/tensorflow";
import { Problem } from "./problem";

const schedule = cosine({ steps: 20 });
const kinds: [string, () => Optimizer][] = [
  ["Sgd", () => new Sgd({ momentum: 0.9, nesterov: true, weightDecay: 0.01, clipNorm: 1, schedule })],
  ["AdamW", () => new AdamW({ schedule })],
  ["Lion", () => new Lion({ schedule })],
  ["Muon", () => new Muon({ schedule })],
];

describe.each(kinds)("%s", (_, make) => {
  it("takes the same steps compiled as eager, in one recording, schedule and changed rate included", () => {
    const run = (
      prepare: (problem: Problem, optimizer: Optimizer) => (x: tf.Tensor2D, y: tf.Tensor2D) => tf.Scalar,
    ) => {
      const problem = new Problem();
      const optimizer = make();
      const step = prepare(problem, optimizer);
      problem.train(step, 0, 10);
      optimizer.learningRate *= 3;
      problem.train(step, 10, 30);
      const weights = problem.weights();
      expect(optimizer.iterations).toBe(30);
      optimizer.dispose();
      problem.dispose();
      return weights;
    };
    const eager = run((problem, optimizer) => (x, y) => problem.step(optimizer, x, y));
    let recordings = 0;
    const compiled = run((problem, optimizer) => {
      const step = compile((x: tf.Tensor2D, y: tf.Tensor2D) => problem.step(optimizer, x, y));
      return (x, y) => {
        const loss = step(x, y);
        recordings = step.stats().recordings;
        return loss;
      };
    });
    expect(compiled).toBeAllclose(eager, { atol: 1e-7, rtol: 1e-6 });
    expect(recordings).toBe(1);
  });

  it("goes on from saved weights as if never interrupted", async () => {
    const whole = new Problem();
    const one = make();
    whole.train((x, y) => whole.step(one, x, y), 0, 20);

    const halves = new Problem();
    const first = make();
    halves.train((x, y) => halves.step(first, x, y), 0, 10);
    const second = make();
    await second.setWeights(await first.getWeights());
    first.dispose();
    expect([second.iterations, second.rate]).toEqual([10, second.learningRate * 0.5]);
    halves.train((x, y) => halves.step(second, x, y), 10, 20);
    expect(halves.weights()).toEqual(whole.weights());
  });

  it("refuses weights of something else, and other variables than before", async () => {
    const optimizer = make();
    await expect(optimizer.setWeights([])).rejects.toThrow(/setWeights\(\) wants the number of steps/);
    const [a, b] = [tf.variable(tf.zeros([2])), tf.variable(tf.zeros([3]))];
    optimizer.minimize(() => tf.sum(tf.square(a)) as tf.Scalar, false, [a]);
    expect(() => optimizer.minimize(() => tf.sum(tf.square(b)) as tf.Scalar, false, [b])).toThrow(
      /Remedy: train the same variables in the same order/,
    );
  });
});
