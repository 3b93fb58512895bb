import { describe, expect, it } from "vitest";
import { tf } from "../../../lib/src/tensorflow";
import { expectAsTensorFlow } from "./against-tensorflow";

const cube = (x: tf.Tensor) => tf.mul(tf.mul(x, x), x);
const rows = [3, 0, 3, 1];

describe("gather", () => {
  it("equals TensorFlow's in value, gradient and second gradient", () => {
    expectAsTensorFlow("gather", (x) => tf.gather(cube(x), rows));
    expectAsTensorFlow("gatherAxis1", (x) => tf.gather(cube(x), rows, 1));
  });

  it("does not read indices that TensorFlow holds", () => {
    const indices = tf.add(tf.tensor1d([0, 1], "int32"), tf.scalar(1, "int32"));
    const backend = tf.backend() as unknown as { readSync(id: object): unknown };
    const own = backend.readSync;
    let reads = 0;
    backend.readSync = function (id) {
      reads++;
      return own.call(this, id);
    };
    const y = tf.gather([10, 20, 30], indices);
    delete (backend as Partial<typeof backend>).readSync;
    expect(reads).toBe(0);
    expect([...y.dataSync()]).toEqual([20, 30]);
  });

  it("refuses indices out of range, made here or by TensorFlow", () => {
    expect(() => tf.gather([1, 2], [0, 2])).toThrow("GatherV2: the index value 2 is not in [0, 1]");
    const computed = tf.add(tf.tensor1d([0, 1], "int32"), tf.scalar(1, "int32"));
    expect(() => tf.gather([1, 2], computed)).toThrow(/2 is not in \[0, 2\)/);
  });
});
