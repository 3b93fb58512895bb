import { afterEach, describe, expect, it } from "vitest";
import { compile } from "../../../lib/src/capture";
import { nativeBackend } from "../../../lib/src/capture/native";
import { setRandomSeed } from "../../../lib/src/kernels";
import { tf } from "../../../lib/src/tensorflow";

const STEPS = 12;
const x = tf.randomNormal([STEPS, 6, 4], 0, 1, "float32", 1);
const y = tf.randomNormal([STEPS, 6, 2], 0, 1, "float32", 2);
const values = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());
afterEach(() => tf.engine().disposeVariables());

/** A small network with Adam; its step and its weights. */
function network(dropout: number): {
  step: (x: tf.Tensor, y: tf.Tensor) => { loss: tf.Scalar; norm: tf.Scalar };
  weights: tf.Variable[];
} {
  setRandomSeed(5);
  const weights = [
    tf.variable(tf.randomNormal([4, 8], 0, 0.5, "float32", 3)),
    tf.variable(tf.randomNormal([8, 2], 0, 0.5, "float32", 4)),
  ];
  const optimizer = tf.train.adam(0.01);
  const step = (x: tf.Tensor, y: tf.Tensor): { loss: tf.Scalar; norm: tf.Scalar } => {
    const loss = optimizer.minimize(
      () => {
        const hidden = tf.dropout(tf.tanh(tf.matMul(x as tf.Tensor2D, weights[0] as tf.Tensor2D)), dropout);
        return tf.losses.meanSquaredError(y, tf.matMul(hidden as tf.Tensor2D, weights[1] as tf.Tensor2D)) as tf.Scalar;
      },
      true,
      weights,
    )!;
    return { loss, norm: tf.norm(weights[0]) as tf.Scalar };
  };
  return { step, weights };
}

describe("scan()", () => {
  it("gives the bits of as many single calls, results and variables alike", () => {
    const single = network(0.3);
    const plain = tf.unstack(x).map((row, i) => {
      const { loss, norm } = tf.tidy(() => single.step(row, tf.unstack(y)[i]));
      return [...values(loss), ...values(norm)];
    });
    const looped = network(0.3);
    const step = compile(looped.step);
    const first = step.scan(x, y);
    expect(first.loss.shape).toEqual([STEPS]);
    expect(values(first.loss).map((loss, i) => [loss, values(first.norm)[i]])).toEqual(plain);
    expect(looped.weights.map(values)).toEqual(single.weights.map(values));
    expect(step.stats()).toMatchObject({ recordings: 1, calls: STEPS });

    // From here on no call records: all steps run in one.
    setRandomSeed(6);
    const again = tf.unstack(x).map((row, i) => tf.tidy(() => values(single.step(row, tf.unstack(y)[i]).loss)[0]));
    setRandomSeed(6);
    expect(values(step.scan(x, y).loss)).toEqual(again);
    expect(looped.weights.map(values)).toEqual(single.weights.map(values));
    step.dispose();
  });

  it("gives the same with XLA, up to rounding", () => {
    const run = (xla: boolean): number[] => {
      const step = compile(network(0).step, { xla });
      step.scan(x, y);
      const losses = values(step.scan(x, y).loss);
      step.dispose();
      return losses;
    };
    expect(run(true)).toBeAllclose(run(false), { rtol: 1e-4 });
  });

  it("carries variables that the step assigns without reading them", () => {
    const last = tf.variable(tf.scalar(0));
    const step = compile((x: tf.Tensor) => {
      last.assign(x as tf.Scalar);
      return tf.neg(x);
    });
    step.scan(tf.tensor1d([1, 2, 3]));
    expect(values(step.scan(tf.tensor1d([4, 5, 6])))).toEqual([-4, -5, -6]);
    expect(values(last)).toEqual([6]);
    step.dispose();
  });

  it("takes numbers that hold for all steps, and integer and boolean results", () => {
    const step = compile(({ x }: { x: tf.Tensor }, scale: number) => ({
      top: tf.argMax(x),
      large: tf.greater(x, scale),
    }));
    const rows = tf.tensor2d([
      [1, 5],
      [7, 2],
      [3, 9],
    ]);
    for (const scale of [4, 6]) {
      const { top, large } = step.scan({ x: rows }, scale);
      expect([top.dtype, large.dtype]).toEqual(["int32", "bool"]);
      expect(values(top)).toEqual([1, 0, 1]);
      expect(values(large)).toEqual([1, 5, 7, 2, 3, 9].map((value) => Number(value > scale)));
    }
    step.dispose();
  });

  it("holds no tensors beside its results, and counts the optimizer's iterations", () => {
    const weight = tf.variable(tf.scalar(1));
    const optimizer = tf.train.sgd(0.1);
    const step = compile((x: tf.Tensor) =>
      optimizer.minimize(() => tf.square(weight.sub(x)) as tf.Scalar, true, [weight])!,
    );
    const batch = tf.ones([20]);
    step.scan(batch).dispose();
    const before = [tf.memory().numTensors, nativeBackend()!.binding.getNumOfTensors()];
    for (let i = 0; i < 50; i++) step.scan(batch).dispose();
    expect([tf.memory().numTensors, nativeBackend()!.binding.getNumOfTensors()]).toEqual(before);
    expect(optimizer.iterations).toBe(51 * 20);
    step.dispose();
  });

  it("refuses arguments that disagree on the number of steps", () => {
    const step = compile((a: tf.Tensor, b: tf.Tensor) => tf.add(a, b));
    expect(() => step.scan(tf.ones([3]), tf.ones([4]))).toThrow(
      new RangeError("scan() needs tensors whose first axis is the same number of steps, got [3], [4]"),
    );
    expect(() => step.scan(tf.scalar(1), tf.scalar(1))).toThrow(/got \[\], \[\]/);
  });

  it('measures XLA against the plain loop with "auto", and goes on with the same results', () => {
    const single = network(0);
    const plain = compile(single.step);
    const looped = network(0);
    const step = compile(looped.step, { xla: "auto" });
    for (let i = 0; i < 10; i++) {
      const wanted = values(plain.scan(x, y).loss);
      const got = values(step.scan(x, y).loss);
      // XLA adds up in another order: some units in the last place a step, which 120 steps of Adam carry on.
      got.forEach((loss, k) => expect(loss).toBeCloseTo(wanted[k], 4));
    }
    expect(step.stats()).toMatchObject({ recordings: 1, calls: 10 * STEPS });
    plain.dispose();
    step.dispose();
  });
});
