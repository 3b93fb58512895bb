import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile } from "../../../lib/src/capture";
import { tf } from "../../../lib/src/tensorflow";

/** Ops that keep the shape [3, 4] and finite values, so that any sequence of them is a valid graph. */
const ops: Record<string, (a: tf.Tensor, b: tf.Tensor, n: number) => tf.Tensor> = {
  add: (a, b) => tf.add(a, b),
  sub: (a, b) => tf.sub(b, a),
  mul: (a, b) => tf.mul(a, b).clipByValue(-9, 9),
  div: (a, b) => tf.div(a, tf.add(tf.abs(b), 1)),
  maximum: (a, b) => tf.maximum(a, b),
  where: (a, b) => tf.where(tf.greater(a, b), a, tf.neg(b)),
  relu: (a) => tf.relu(a),
  tanh: (a) => tf.tanh(a),
  sigmoid: (a) => tf.sigmoid(a),
  scale: (a, _, n) => tf.mul(a, n),
  shift: (a, _, n) => tf.add(a, 1 - n),
  transpose: (a) => tf.reshape(tf.transpose(a), [3, 4]),
  reverse: (a) => tf.reverse(a, [1]),
  product: (a, b) => tf.tanh(tf.matMul(tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, false, true), a as tf.Tensor2D)),
  rows: (a) => tf.sub(a, tf.mean(a, 1, true)),
  columns: (a, b) => tf.add(a, tf.sum(b, 0, true)).clipByValue(-9, 9),
  slice: (a, b) => tf.concat([tf.slice(a, [0, 0], [1, 4]), tf.slice(b, [1, 0], [2, 4])], 0),
  pad: (a) =>
    tf.slice(
      tf.pad(a as tf.Tensor2D, [
        [1, 0],
        [0, 1],
      ]),
      [0, 1],
      [3, 4],
    ),
  integers: (a) => tf.cast(tf.cast(a, "int32"), "float32"),
  top: (a) => tf.add(a, tf.cast(tf.expandDims(tf.argMax(a, 1), 1), "float32")),
};

interface Node {
  op: string;
  a: number;
  b: number;
  /** Assign the result to the variable, which later nodes read. */
  store: boolean;
}

const graph = fc.array(
  fc.record({ op: fc.constantFrom(...Object.keys(ops)), a: fc.nat(), b: fc.nat(), store: fc.boolean() }),
  { minLength: 1, maxLength: 14 },
);
const batch = fc.array(fc.float({ min: -3, max: 3, noNaN: true }), { minLength: 12, maxLength: 12 });
const call = fc.record({ x: batch, n: fc.double({ min: 0.1, max: 2, noNaN: true }) });

/** Evaluates a random graph; edges point to the arguments, the variable or earlier nodes. Also returns a gradient. */
function evaluate(nodes: Node[], state: tf.Variable, x: tf.Tensor, n: number): tf.Tensor[] {
  const values = [x, state as tf.Tensor];
  for (const { op, a, b, store } of nodes) {
    const value = ops[op](values[a % values.length], values[b % values.length], n);
    if (store) state.assign(value);
    values.push(value, state);
  }
  const slope = tf.grad((v) => tf.sum(tf.tanh(tf.mul(v, tf.add(v, n)))))(values[values.length - 2]);
  return [values[values.length - 2], slope];
}

describe("any small graph", () => {
  it("gives the same bits compiled as eager, over several calls with a variable and a number", () => {
    fc.assert(
      fc.property(graph, fc.array(call, { minLength: 3, maxLength: 5 }), (nodes, calls) => {
        const run = (
          wrap: (f: (x: tf.Tensor, n: number) => tf.Tensor[]) => (x: tf.Tensor, n: number) => tf.Tensor[],
        ): number[][] => {
          const state = tf.tidy(() => tf.variable(tf.ones([3, 4])));
          const step = wrap((x, n) => evaluate(nodes, state, x, n));
          const seen = calls.map(({ x, n }) =>
            tf.tidy(() =>
              [...step(tf.tensor2d(x, [3, 4]), n), state].flatMap((tensor) => Array.from(tensor.dataSync())),
            ),
          );
          state.dispose();
          return seen;
        };
        const before = tf.memory().numTensors;
        const eager = run((f) => f);
        const made: { dispose(): void }[] = [];
        const compiled = run((f) => {
          const step = compile(f);
          made.push(step);
          return step;
        });
        made.forEach((step) => step.dispose());
        expect(compiled).toEqual(eager);
        expect(tf.memory().numTensors).toBe(before);
      }),
      { seed: 20, numRuns: 60 },
    );
  });
});
