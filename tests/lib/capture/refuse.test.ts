import { afterEach, describe, expect, it } from "vitest";
import { compile, CompileError } from "../../../lib/src/capture";
import { tf } from "../../../lib/src/tensorflow";

const x = tf.tensor1d([1, -2, 3]);
afterEach(() => tf.engine().disposeVariables());

/** What a step is refused with, and where. */
function refusal(step: (x: tf.Tensor1D) => unknown): CompileError {
  try {
    tf.tidy(() => compile(step)(x) as tf.Tensor);
  } catch (error) {
    if (error instanceof CompileError) return error;
    throw error;
  }
  throw new Error("was not refused");
}

/** The line in this file that holds a text. */
const HERE = /refuse\.test\.ts:\d+:\d+/;

describe("compile() refuses", () => {
  const readers: Record<string, (x: tf.Tensor1D) => unknown> = {
    "dataSync()": (x) => tf.scalar(x.sum().dataSync()[0]),
    "arraySync()": (x) => tf.tensor1d(x.arraySync()),
    "print()": (x) => (x.print(), x),
    "data(), although nobody awaits it": (x) => (void x.data().catch(() => undefined), x.neg()),
    "a caught dataSync()": (x) => {
      try {
        return tf.scalar(x.dataSync()[0]);
      } catch {
        return x.neg();
      }
    },
    "an if on a value": (x) => (x.sum().dataSync()[0] > 0 ? x.neg() : x),
    "reading an argument that was not uploaded yet": () => tf.scalar(fresh.dataSync()[0]),
  };
  const fresh = tf.tensor1d([4]);

  it.each(Object.keys(readers))("%s", (name) => {
    const error = refusal(readers[name]);
    expect(error.message).toMatch(/^compile\(\) cannot record reading a tensor's values/);
    expect(error.reason).toContain("frozen into all later calls");
    expect(error.remedy).toContain("read it outside of the step");
    expect(error.line).toMatch(HERE);
  });

  it("an async step", () => {
    const error = refusal(async (x) => x.neg());
    expect(error.message).toMatch(/cannot record an async function.*runs outside of the recording.*plain function/);
  });

  it("an op whose result has a shape that depends on values", () => {
    const error = refusal((x) => tf.unique(x).values);
    expect(error).toMatchObject({
      op: expect.stringMatching(/^Unique/),
      reason: expect.stringContaining("depends on values"),
    });
  });

  it("random numbers from JavaScript", () => {
    const error = refusal((x) => x.mul(Math.random()));
    expect(error.op).toBe("a step that does not repeat");
    expect(error.reason).toContain("Math.random");
    expect(error.line).toMatch(HERE);
  });

  it("a counter, whose value would be frozen", () => {
    let calls = 0;
    expect(refusal((x) => x.add(++calls)).reason).toMatch(/changed a constant \(1, then 2\)/);
  });

  it("a step that alternates between ops", () => {
    let even = false;
    expect(refusal((x) => ((even = !even), even ? x.neg() : x.abs())).reason).toMatch(
      /changed the op \(\w+, then \w+\)/,
    );
  });

  it("a large constant, and names its size and line", () => {
    const error = refusal((x) => x.sum().add(tf.tensor1d(Float32Array.from({ length: 20000 }, (_, i) => i))));
    expect(error.op).toBe("a constant of 78 KiB, shape [20000]");
    expect(error.line).toMatch(HERE);
    expect(error.remedy).toContain("outside of the step");
  });

  it("a number, text or function in the result", () => {
    expect(refusal((x) => [x.neg(), 3]).op).toBe("the result, which has a number in it");
    expect(refusal((x) => [x.neg(), "three"]).op).toBe("the result, which has a string in it");
  });

  it("a tensor that the step keeps for itself", () => {
    let kept: tf.Tensor | undefined;
    const error = refusal((x) => (kept = tf.keep(x.neg())).abs());
    expect(error.op).toBe("tf.keep of a result of Neg");
    expect(error.line).toMatch(HERE);
    kept?.dispose();
  });

  it("disposing of what belongs to the caller", () => {
    expect(refusal((x) => (x.dispose(), tf.scalar(1))).op).toBe("dispose() of an argument");
    const variable = tf.variable(tf.scalar(1), true, "mine");
    expect(refusal((x) => (variable.dispose(), x.neg())).op).toBe("dispose() of variable mine");
    expect(x.isDisposed).toBe(false);
  });

  it("making new variables at every call", () => {
    const step = compile((x: tf.Tensor1D) => tf.variable(x).mul(2));
    const call = (): void => tf.dispose(step(x));
    call();
    call();
    expect(call).toThrow(/cannot record the making of variables at every call .*outside of the step/);
  });

  it("a number that takes too many values where it decides a shape", () => {
    const step = compile((x: tf.Tensor1D, n: number) => x.tile([n]));
    const call = (n: number): void => tf.dispose(step(x, n));
    for (let n = 1; n <= 8; n++) call(n);
    expect(() => call(9)).toThrow(/a number among the arguments: it decides which ops run or how .* 8 values already/);
    step.dispose();
  });
});

describe("a refused step", () => {
  it("leaves variables and optimizer as they were, and runs eagerly from there", () => {
    const weight = tf.variable(tf.scalar(3));
    const optimizer = tf.train.adam(0.1);
    const eager = (): tf.Scalar => optimizer.minimize(() => tf.square(weight) as tf.Scalar, true, [weight])!;
    const step = compile(() => {
      const loss = eager();
      return tf.scalar(loss.dataSync()[0]);
    });
    expect(() => tf.tidy(step)).toThrow(CompileError);
    expect(weight.dataSync()[0]).toBe(3);
    tf.tidy(eager);
    // Adam's first step is the learning rate, whatever the gradient; from slots left behind it would not be.
    expect(weight.dataSync()[0]).toBeCloseTo(2.9, 5);
  });

  it("turns large constants of one value into fills instead of refusing them", () => {
    const step = compile((x: tf.Tensor) =>
      x
        .add(tf.fill([200, 200], 3))
        .add(tf.tensor2d(new Float32Array(40000).fill(2), [200, 200]))
        .sum(),
    );
    const call = (): number => tf.tidy(() => step(tf.scalar(1)).dataSync()[0]);
    expect([call(), call(), call()]).toEqual([240000, 240000, 240000]);
    expect(step.stats().cache[0].constantBytes).toBeLessThan(100);
    step.dispose();
  });
});
