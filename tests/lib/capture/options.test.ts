import { afterEach, describe, expect, it, vi } from "vitest";
import { compile } from "../../../lib/src/capture";
import { nativeBackend } from "../../../lib/src/capture/native";
import { tf } from "../../../lib/src/tensorflow";

// The numbers are the same on processors without instructions for them, only later.
vi.mock("../../../lib/src/capture/bfloat16", () => ({ precisionHere: (precision: string) => precision }));

const x = tf.randomNormal([16, 8], 0, 1, "float32", 1) as tf.Tensor2D;
const values = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());
afterEach(() => tf.engine().disposeVariables());

function training(): { step: (x: tf.Tensor2D) => tf.Scalar; weights: tf.Variable[] } {
  const weights = [
    tf.variable(tf.randomNormal([8, 16], 0, 0.3, "float32", 2), true, "inner"),
    tf.variable(tf.randomNormal([16, 1], 0, 0.3, "float32", 3), true, "outer"),
  ];
  const optimizer = tf.train.adam(0.01);
  const output = (x: tf.Tensor2D): tf.Tensor =>
    tf.matMul(tf.relu(tf.matMul(x, weights[0] as tf.Tensor2D)), weights[1] as tf.Tensor2D);
  return {
    step: (x) => optimizer.minimize(() => output(x).sub(1).square().mean() as tf.Scalar, true, weights)!,
    weights,
  };
}

function losses(step: (x: tf.Tensor2D) => tf.Scalar, count: number): number[] {
  return Array.from({ length: count }, () => tf.tidy(() => values(step(x))[0]));
}

describe("check: true", () => {
  it("finds no difference on the CPU, by output and variable, and changes no result", () => {
    const plain = training();
    const expected = losses(plain.step, 8);
    tf.engine().disposeVariables();
    const checked = training();
    const step = compile(checked.step, { check: true });
    const before = (): number[] => [tf.memory().numTensors, nativeBackend()!.binding.getNumOfTensors()];
    expect(losses(step, 3)).toEqual(expected.slice(0, 3));
    const counts = before();
    expect(losses(step, 5)).toEqual(expected.slice(3));
    expect(before()).toEqual(counts);
    const { check } = step.stats();
    expect(check!.map(({ name }) => name)).toEqual(expect.arrayContaining(["output 0", "inner", "outer"]));
    expect(check!.map(({ maxDifference }) => maxDifference)).toEqual(check!.map(() => 0));
    step.dispose();
  });

  it("reports what a frozen value changes, largest first", () => {
    let offset = 0;
    const total = tf.variable(tf.scalar(0), false, "total");
    const step = compile(
      (x: tf.Tensor) => {
        total.assign(total.add(offset) as tf.Scalar);
        return tf.add(x, 2 * offset);
      },
      { check: true },
    );
    const call = (): void => tf.dispose(step(x));
    call();
    offset = 3; // A recording cannot see it.
    call();
    expect(step.stats().check).toEqual([
      { name: "output 0", maxDifference: 6 },
      { name: "total", maxDifference: 3 },
    ]);
    step.dispose();
  });
});

describe("xla", () => {
  it("gives the same training up to rounding", () => {
    const plain = losses(training().step, 20);
    tf.engine().disposeVariables();
    const step = compile(training().step, { xla: true });
    expect(losses(step, 20)).toBeAllclose(plain, { rtol: 1e-4 });
    expect(step.stats().cache[0].xla).toBe(true);
    step.dispose();
  });

  it('"auto" measures both and keeps one', () => {
    const plain = losses(training().step, 30);
    tf.engine().disposeVariables();
    const step = compile(training().step, { xla: "auto" });
    const head = losses(step, 3);
    expect(step.stats().cache[0].xla).toBe("measuring");
    expect([...head, ...losses(step, 27)]).toBeAllclose(plain, { rtol: 1e-4 });
    expect(step.stats().cache[0].xla).toBeTypeOf("boolean");
    step.dispose();
  });

  it('names the op that XLA lacks; "auto" falls back to the plain graph', () => {
    const crop = (x: tf.Tensor2D): tf.Tensor4D =>
      tf.image.cropAndResize(
        x.reshape([1, 16, 8, 1]) as tf.Tensor4D,
        tf.tensor2d([[0, 0, 1, 1]]),
        tf.tensor1d([0], "int32"),
        [4, 4],
      );
    const forced = compile(crop, { xla: true });
    tf.dispose(forced(x));
    expect(() => forced(x)).toThrow(/CropAndResize/);
    forced.dispose();
    const step = compile(crop, { xla: "auto" });
    for (let i = 0; i < 10; i++) expect(tf.tidy(() => step(x).shape)).toEqual([1, 4, 4, 1]);
    expect(step.stats().cache[0].xla).toBe(false);
    step.dispose();
  });
});

describe('precision: "bfloat16"', () => {
  it("rounds the factors of products and convolutions to 8 bits and keeps results in float32", () => {
    const image = tf.randomNormal([2, 6, 6, 3], 0, 1, "float32", 4) as tf.Tensor4D;
    const kernel = tf.randomNormal([3, 3, 3, 4], 0, 1, "float32", 5) as tf.Tensor4D;
    const both = (x: tf.Tensor2D): tf.Tensor[] => [
      tf.matMul(x, x, false, true),
      tf.conv2d(image, kernel, 1, "same"),
      tf.add(x, 0.001),
    ];
    const step = compile(both, { precision: "bfloat16" });
    tf.dispose(step(x));
    const exact = both(x).map(values);
    const lowered = step(x);
    expect(lowered.map(({ dtype }) => dtype)).toEqual(["float32", "float32", "float32"]);
    for (const [i, result] of lowered.slice(0, 2).entries()) {
      // 8 significant bits: a relative error of 2^-8 in each of up to 27 terms of order 1, and in the result.
      expect(values(result)).toBeAllclose(exact[i], { atol: 0.15, rtol: 0.02 });
      expect(values(result)).not.toBeAllclose(exact[i], { atol: 1e-4 });
    }
    expect(values(lowered[2])).toEqual(exact[2]);
    step.dispose();
  });

  it("trains with float32 weights, gradients of convolutions included", () => {
    const kernel = tf.variable(tf.randomNormal([3, 3, 1, 2], 0, 0.3, "float32", 6) as tf.Tensor4D);
    const second = tf.variable(tf.randomNormal([3, 3, 2, 1], 0, 0.3, "float32", 7) as tf.Tensor4D);
    const image = tf.randomNormal([4, 8, 8, 1], 0, 1, "float32", 8) as tf.Tensor4D;
    const optimizer = tf.train.sgd(0.05);
    const step = compile(
      () =>
        optimizer.minimize(
          () =>
            tf
              .conv2d(tf.conv2d(image, kernel, 1, "same"), second, 1, "same")
              .sub(1)
              .square()
              .mean() as tf.Scalar,
          true,
          [kernel, second],
        )!,
      { precision: "bfloat16" },
    );
    const found = Array.from({ length: 30 }, () => tf.tidy(() => values(step())[0]));
    expect(found[29]).toBeLessThan(0.9 * found[0]);
    expect(kernel.dtype).toBe("float32");
    step.dispose();
  });
});
