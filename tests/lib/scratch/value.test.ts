import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scratch, tf } from "../../../lib/src";

const { Value, valueGraph } = scratch;

describe("a value", () => {
  it("gives the derivatives that are worked out by hand", () => {
    const a = new Value(2),
      b = new Value(-3),
      c = new Value(10);
    const L = a.mul(b).add(c).tanh(); // tanh(ab + c) = tanh 4
    L.backward();
    const slope = 1 - Math.tanh(4) ** 2;
    expect([a.grad, b.grad, c.grad]).toBeAllclose([-3 * slope, 2 * slope, slope], { atol: 1e-15 });
  });

  it("adds up what comes back on several ways", () => {
    const x = new Value(3);
    x.mul(x).add(x).backward(); // x² + x
    expect(x.grad).toBe(7);
  });

  it("agrees with TensorFlow on a chain of all its operations", () => {
    const check = fc.property(
      fc.double({ min: 0.2, max: 2, noNaN: true }),
      fc.double({ min: 0.2, max: 2, noNaN: true }),
      (p, q) => {
        const a = new Value(p),
          b = new Value(q);
        a.mul(b).exp().add(a.log()).sub(b.pow(3)).div(a.add(1)).tanh().add(b.sub(1).relu()).neg().backward();
        const f = (a: tf.Tensor, b: tf.Tensor) =>
          a.mul(b).exp().add(a.log()).sub(b.pow(3)).div(a.add(1)).tanh().add(b.sub(1).relu()).neg();
        const [da, db] = tf.tidy(() =>
          tf
            .grads(f)([tf.scalar(p), tf.scalar(q)])
            .map((g) => g.dataSync()[0]),
        );
        expect([a.grad, b.grad]).toBeAllclose([da, db], { atol: 1e-4, rtol: 1e-3 });
      },
    );
    fc.assert(check, { seed: 1, numRuns: 50 });
  });

  it("doubles the gradients of leaves at a second call, and those of leaves only", () => {
    const x = new Value(3),
      square = x.mul(x),
      L = square.mul(2);
    L.backward();
    L.backward();
    expect([x.grad, square.grad, L.grad]).toEqual([24, 2, 1]);
    x.grad = 0;
    L.backward();
    expect(x.grad).toBe(12);
  });

  it("bears a graph far deeper than the stack", () => {
    const x = new Value(1);
    let sum = x;
    for (let i = 0; i < 100_000; i++) sum = sum.add(x);
    sum.backward();
    expect(x.grad).toBe(100_001);
  });

  it("has no slope at the kink of relu, by convention, and none left of it", () => {
    const slopes = [-1, 0, 1].map((at) => {
      const x = new Value(at);
      x.relu().backward();
      return x.grad;
    });
    expect(slopes).toEqual([0, 0, 1]);
  });

  it("shows its number and its gradient, and refuses what is no number", () => {
    expect(inspect(new Value(2, "x"))).toBe("Value(x: data 2, grad 0)");
    expect(() => new Value("2" as unknown as number)).toThrow("Value() wants data to be a finite number, got");
  });
});

describe("the graph of a value", () => {
  it("lists every node once, inputs first, and an arrow with its slope for every use", () => {
    const x = new Value(3, "x"),
      y = new Value(2, "y");
    const L = x.mul(y).add(x);
    L.backward();
    const { nodes, edges } = valueGraph(L);
    expect(nodes.map(({ label, op, data, grad }) => [label, op, data, grad])).toEqual([
      ["x", "", 3, 3],
      ["y", "", 2, 3],
      ["", "·", 6, 1],
      ["", "+", 9, 1],
    ]);
    expect(edges.map(({ slope }) => slope)).toEqual([2, 3, 1, 1]);
    const ids = nodes.map(({ id }) => id);
    expect(edges.every(({ from, to }) => ids.indexOf(from) < ids.indexOf(to))).toBe(true);
  });
});
