import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scratch, tf } from "../../../lib/src";
import { gradientError, normal, onTensorFlow, seed, size, weighed } from "./layers";

const { tensor, constant } = scratch;

describe("a tensor", () => {
  it("is made of nested or flat numbers, and gives them back", () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect([x.shape, x.toArray(), [...x.data]]).toEqual([
      [2, 3],
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [1, 2, 3, 4, 5, 6],
    ]);
    expect(tensor(Float32Array.of(1, 2, 3, 4), [2, 2]).toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(tensor(5).shape).toEqual([]);
    expect(inspect(tensor([1, 2]))).toContain("Tensor float64 [2]");
  });

  it("multiplies matrices and finds the gradients that are worked out by hand", () => {
    const A = tensor([
        [1, 2],
        [3, 4],
      ]),
      B = tensor([[5], [6]]);
    const y = A.matmul(B); // [17, 39]
    expect(y.toArray()).toEqual([[17], [39]]);
    y.sum().backward();
    expect(A.grad.toArray()).toEqual([
      [5, 6],
      [5, 6],
    ]);
    expect(B.grad.toArray()).toEqual([[4], [6]]);
  });

  it("adds up over what was broadcast", () => {
    const x = tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]),
      bias = tensor([1, 1, 1]);
    x.add(bias).sum().backward();
    expect(bias.grad.toArray()).toEqual([2, 2, 2]);
  });

  const shapes = fc.tuple(size(3), size(3), size(3), fc.boolean(), fc.boolean(), fc.boolean());
  it.each<[string, (a: scratch.Tensor, b: scratch.Tensor) => scratch.Tensor]>([
    ["add", (a, b) => a.add(b)],
    ["sub", (a, b) => a.sub(b)],
    ["mul", (a, b) => a.mul(b)],
    ["div", (a, b) => a.div(b.exp())],
  ])("has the gradients of finite differences for %s over all shapes that broadcast", (_, f) => {
    const check = fc.property(seed, shapes, (s, [n, m, p, one, two, missing]) => {
      const a = normal(s, [n, one ? 1 : m, p]);
      const b = normal(s + 1, missing ? [m, p] : [two ? 1 : n, m, p]);
      expect(gradientError(() => f(a, b), [a, b])).toBeLessThan(1e-7);
    });
    fc.assert(check, { seed: 2, numRuns: 25 });
  });

  it.each<[string, (x: scratch.Tensor) => scratch.Tensor]>([
    ["pow", (x) => x.pow(3)],
    ["sqrt", (x) => x.mul(x).add(1).sqrt()],
    ["exp", (x) => x.exp()],
    ["log", (x) => x.mul(x).add(1).log()],
    ["tanh", (x) => x.tanh()],
    ["sigmoid", (x) => x.sigmoid()],
    ["transpose", (x) => x.transpose([2, 0, 1])],
    ["reshape", (x) => x.reshape([-1, 2])],
    ["sum", (x) => x.sum([0, -1])],
    ["sum with kept axes", (x) => x.sum(1, { keepDims: true }).mul(x)],
    ["mean", (x) => x.mean(1)],
    ["a tensor used twice", (x) => x.mul(x).add(x)],
  ])("has the gradients of finite differences for %s", (_, f) => {
    const check = fc.property(seed, size(3), size(3), (s, n, m) => {
      const x = normal(s, [n, m, 2]);
      expect(gradientError(() => f(x), [x])).toBeLessThan(1e-7);
    });
    fc.assert(check, { seed: 3, numRuns: 20 });
  });

  it("has the gradients of finite differences for relu away from its kink", () => {
    const x = tensor([-2, -0.1, 0.1, 2]);
    expect(gradientError(() => x.relu(), [x])).toBeLessThan(1e-7);
  });

  it("has the gradients of TensorFlow for a network of two layers", () => {
    const [x, W, b, V] = [[4, 3], [3, 5], [5], [5, 2]].map((shape, i) => normal(i, shape));
    const run = () => weighed(x.matmul(W).add(b).tanh().matmul(V));
    run().backward();
    const weights = normal(7, [4, 2]); // those of weighed()
    const [dx, dW, db, dV] = tf.tidy(() => {
      const f = (x: tf.Tensor, W: tf.Tensor, b: tf.Tensor, V: tf.Tensor) =>
        x.matMul(W).add(b).tanh().matMul(V).mul(onTensorFlow(weights));
      const at = [x, W, b, V].map(onTensorFlow);
      return tf
        .grads(f)(at)
        .map((g) => g.dataSync());
    });
    for (const [mine, theirs] of [
      [x, dx],
      [W, dW],
      [b, db],
      [V, dV],
    ] as const)
      expect(mine.grad.data).toBeAllclose(theirs, { atol: 1e-5 });
  });

  it("doubles the gradients of leaves at a second call, until they are set back", () => {
    const x = tensor([3]),
      L = x.mul(x).sum();
    L.backward();
    L.backward();
    expect(x.grad.item()).toBe(12);
    x.zeroGrad();
    L.backward();
    expect(x.grad.item()).toBe(6);
  });

  it("leaves constants alone, and computes nothing for them", () => {
    const x = constant([[1, 2]]),
      w = tensor([[1], [1]]);
    const y = x.matmul(w).sum();
    y.backward();
    expect([x.grad.toArray(), w.grad.toArray()]).toEqual([[[0, 0]], [[1], [2]]]);
    expect(x.mul(2).inputs).toEqual([]);
  });

  it("takes a step of gradient descent and starts the next from zero gradients", () => {
    const w = tensor([1, 2]);
    w.mul(w).sum().backward();
    scratch.descend([w], 0.1);
    expect(w.data).toBeAllclose([0.8, 1.6], { atol: 1e-15 });
    expect(w.grad.toArray()).toEqual([0, 0]);
  });

  it.each([
    ["rows of different length", () => tensor([[1, 2], [3]]), /rows of equal length/],
    ["what is no number", () => tensor(["1"] as unknown as number[]), /numbers, or arrays of numbers/],
    ["a shape that does not fit", () => tensor([1, 2, 3], [2, 2]), /shape to be of 3 numbers/],
    [
      "shapes that do not broadcast",
      () => tensor([1, 2]).add(tensor([1, 2, 3])),
      /shapes that broadcast, got \[2\] and \[3\]/,
    ],
    [
      "inner sizes that differ",
      () => tensor([[1, 2]]).matmul(tensor([[1, 2]])),
      /\[n, m\] and \[m, p\], got \[1, 2\] and \[1, 2\]/,
    ],
    ["an axis that is not there", () => tensor([1]).sum(1), /each axis to be from -1 to 0/],
    ["an order that leaves out an axis", () => tensor([[1]]).transpose([0, 0]), /an order of \[0, 1\]/],
    ["gradients of several numbers", () => tensor([1, 2]).backward(), /single number.*Remedy: sum\(\) or mean\(\)/],
  ])("refuses %s", (_, f, message) => {
    expect(f).toThrow(message);
  });
});
