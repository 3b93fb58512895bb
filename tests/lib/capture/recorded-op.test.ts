import { afterEach, describe, expect, it, vi } from "vitest";
import { compile } from "../../../lib/src/capture";
import { tf } from "../../../lib/src/tensorflow";

// The numbers are the same on processors without instructions for them, only later.
vi.mock("../../../lib/src/capture/bfloat16", () => ({ precisionHere: (precision: string) => precision }));

afterEach(() => tf.disposeVariables());

/** One step of `w -= 0.5 · 2 · x · (x · w)`, the gradient of `(x · w)²`, by hand. */
function product() {
  const w = tf.tidy(() => tf.variable(tf.scalar(3), true, "w"));
  const optimizer = tf.train.sgd(0.5);
  const step = compile((x: tf.Scalar) => optimizer.minimize(() => tf.square(tf.mul(x, w)), true)!);
  const run = (x: number): number => tf.tidy(() => step(tf.scalar(x)).dataSync()[0]);
  return { step, run };
}

describe("step.graph()", () => {
  it("lists inputs, the three parts of a training step and its results", () => {
    const { step, run } = product();
    expect(run(1)).toBe(9);
    const rows = step.graph();
    const parts = (part: string) => rows.filter((row) => row.part === part);
    expect(parts("input").map(({ about, op, shape, dtype }) => [about, op, shape, dtype])).toEqual([
      ["argument 0", "Placeholder", [], "float32"],
      ["w", "Placeholder", [], "float32"],
      ["tensor from outside 0", "Placeholder", [], "float32"],
    ]);
    expect(parts("forward").map(({ op }) => op)).toEqual(["Mul", "Square"]);
    expect(parts("backward").length).toBeGreaterThan(1);
    expect(parts("update").map(({ op }) => op)).toEqual(["Mul", "Add"]);
    expect(parts("result").map(({ about, inputs }) => [about, inputs])).toEqual([
      ["result 0", ["Square"]],
      ["new value of w", [parts("update")[1].name]],
    ]);
    step.dispose();
  });

  it("lists as many nodes as the graph that TensorFlow runs has, each after those it takes from", () => {
    const { step, run } = product();
    run(1);
    run(2);
    const rows = step.graph();
    expect(rows).toHaveLength(step.stats().cache[0].ops);
    const known = new Set<string>();
    for (const { name, inputs } of rows) {
      expect(inputs.filter((input) => !known.has(input))).toEqual([]);
      known.add(name);
    }
    expect(known.size).toBe(rows.length);
    step.dispose();
  });

  it("names the user's line for every op", () => {
    const { step, run } = product();
    run(1);
    const forward = step.graph().filter(({ part }) => part === "forward");
    for (const { line } of forward) expect(line).toMatch(/recorded-op\.test\.ts:14:\d+/);
    step.dispose();
  });

  it("says what constants hold, and how large the filled ones are", () => {
    const step = compile((x: tf.Tensor) => [tf.sum(tf.add(x, tf.ones([40, 50]))), tf.mul(x, tf.tensor1d([2, 3.5]))]);
    tf.tidy(() => step(tf.tensor1d([1, 1]).mean()));
    const rows = step.graph();
    expect(rows.find(({ op }) => op === "Fill")).toMatchObject({ part: "constant", shape: [40, 50], about: "1" });
    expect(rows.find(({ about }) => about === "2, 3.5")).toMatchObject({ op: "Const", shape: [2], dtype: "float32" });
    step.dispose();
  });

  it("shows the casts of bfloat16 within the part that they serve", () => {
    const w = tf.tidy(() => tf.variable(tf.ones([4, 2]), true, "w"));
    const step = compile((x: tf.Tensor2D) => tf.matMul(x, w as tf.Tensor2D), { precision: "bfloat16" });
    tf.tidy(() => step(tf.ones([3, 4])));
    const rows = step.graph().filter(({ part }) => part === "forward");
    expect(rows.map(({ op, shape, dtype }) => [op.replace(/^Batch|V2$/g, ""), shape, dtype])).toEqual([
      ["Cast", [3, 4], "bfloat16"],
      ["Cast", [4, 2], "bfloat16"],
      ["MatMul", [3, 2], "bfloat16"],
      ["Cast", [3, 2], "float32"],
    ]);
    step.dispose();
  });

  it("shows the recording of the last call", () => {
    const step = compile((x: tf.Tensor) => tf.neg(x));
    const shapeAfter = (size: number) => tf.tidy(() => (step(tf.ones([size])), step.graph()[0].shape));
    expect([2, 3, 2].map(shapeAfter)).toEqual([[2], [3], [2]]);
    step.dispose();
  });

  it("says what to do where nothing is recorded yet, and why where nothing ever is", () => {
    const step = compile((x: tf.Tensor) => tf.neg(x));
    expect(() => step.graph()).toThrow("nothing is recorded yet. Remedy: call the step first");
    process.env.NABLAB_COMPILE = "0";
    try {
      tf.tidy(() => step(tf.scalar(1)));
      expect(() => step.graph()).toThrow("it is not recorded, because NABLAB_COMPILE=0");
    } finally {
      delete process.env.NABLAB_COMPILE;
    }
  });
});
