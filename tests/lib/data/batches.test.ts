import { describe, expect, it } from "vitest";
import { batches } from "../../../lib/src/data/batches";
import { examples } from "../../../lib/src/data/examples";
import { tf } from "../../../lib/src/tensorflow";

/** Example i is the pair (i, 10 i), so that a row tells where it came from. */
const numbered = (size: number) =>
  examples(
    tf
      .range(0, size)
      .mul(tf.tensor2d([[1], [10]]))
      .transpose() as tf.Tensor2D,
    tf.range(0, size, 1, "int32"),
  );

const read = (loop: Iterable<{ x: tf.Tensor; y: tf.Tensor }>) =>
  Array.from(loop, ({ x, y }) => ({ x: Array.from(x.dataSync()), y: Array.from(y.dataSync()), shape: x.shape }));

describe("batches", () => {
  it("cut examples in their order, with what is left over at the end", () => {
    const got = read(batches(numbered(5), { batchSize: 2, shuffle: false }));
    expect(got).toEqual([
      { x: [0, 0, 1, 10], y: [0, 1], shape: [2, 2] },
      { x: [2, 20, 3, 30], y: [2, 3], shape: [2, 2] },
      { x: [4, 40], y: [4], shape: [1, 2] },
    ]);
    expect(read(batches(numbered(5), { batchSize: 2, shuffle: false, dropLast: true }))).toEqual(got.slice(0, 2));
  });

  it("shuffle without losing, repeating or parting x and y", () => {
    const set = numbered(103);
    const loop = batches(set, { batchSize: 10, seed: 3 });
    expect(loop.length).toBe(11);
    const rows = read(loop);
    const labels = rows.flatMap(({ y }) => y);
    expect(labels).not.toEqual([...labels].sort((a, b) => a - b));
    expect([...labels].sort((a, b) => a - b)).toEqual(Array.from({ length: 103 }, (_, i) => i));
    expect(rows.flatMap(({ x }) => x)).toEqual(labels.flatMap((label) => [label, 10 * label]));
  });

  it("take a new order every epoch, the same one for the same seed and epoch", () => {
    const set = numbered(50);
    const order = (loop: Iterable<{ x: tf.Tensor; y: tf.Tensor }>) => read(loop).flatMap(({ y }) => y);
    const loop = batches(set, { seed: 1 });
    const [first, second] = [order(loop), order(loop)];
    expect(second).not.toEqual(first);
    expect(order(batches(set, { seed: 1 }).epoch(1))).toEqual(second);
    expect(order(batches(set, { seed: 2 }))).not.toEqual(first);
    expect(order(loop.epoch(0, 1))).toEqual(first.slice(32));
  });

  it("free each batch when the next one is asked for, and on break and error", () => {
    const set = numbered(9);
    const before = tf.memory().numTensors;
    const seen: tf.Tensor[] = [];
    for (const { x, y } of batches(set, { batchSize: 2 })) {
      expect(tf.memory().numTensors).toBe(before + 2);
      seen.push(x, y);
      if (seen.length === 4) break;
    }
    expect(() => {
      for (const { x } of batches(set, { batchSize: 2, shuffle: false })) throw new Error(`at ${x.shape[0]}`);
    }).toThrow("at 2");
    for (const { x } of batches(set, { batchSize: 2 })) x.dispose(); // harmless
    expect(seen.every((tensor) => tensor.isDisposed)).toBe(true);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("refuse wrong arguments and leave nothing behind", () => {
    const set = numbered(3);
    const before = tf.memory().numTensors;
    expect(() => batches(set, { batchSize: 0 })).toThrow(
      "batches() wants batchSize to be an integer from 1 up, got 0.",
    );
    expect(() => batches(set, { batchSize: 4, dropLast: true })).toThrow(
      "from 1 to 3, got 4. Remedy: dropLast leaves no batch",
    );
    expect(() => batches(set, { size: 4 } as object)).toThrow("batches() has no option size.");
    expect(() => batches({ ...set, y: set.y.slice(1) as tf.Tensor1D })).toThrow("one row for each of the 3 rows of x");
    tf.dispose([]);
    expect(tf.memory().numTensors).toBe(before + 1); // the slice made above
  });
});
