import { describe, expect, it } from "vitest";
import { examples, pick, take } from "../../../lib/src/data/examples";
import { tf } from "../../../lib/src/tensorflow";

const five = () => examples(tf.tensor2d([0, 1, 2, 3, 4], [5, 1]), tf.tensor1d([0, 10, 20, 30, 40], "int32"));
const values = ({ x, y }: { x: tf.Tensor; y: tf.Tensor }) => [Array.from(x.dataSync()), Array.from(y.dataSync())];

describe("examples", () => {
  it("take rows from the front or from anywhere", () => {
    expect(values(take(five(), 2))).toEqual([
      [0, 1],
      [0, 10],
    ]);
    expect(values(take(five(), 2, 3))).toEqual([
      [3, 4],
      [30, 40],
    ]);
    expect(values(pick(five(), Int32Array.of(4, 0, 4)))).toEqual([
      [4, 0, 4],
      [40, 0, 40],
    ]);
  });

  it("free their tensors, and a part is independent of the whole", () => {
    const before = tf.memory().numTensors;
    const whole = five();
    const part = take(whole, 1);
    whole.dispose();
    expect(values(part)).toEqual([[0], [0]]);
    part.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("refuse what does not belong together", () => {
    const set = five();
    const before = tf.memory().numTensors;
    expect(() => take(set, 6)).toThrow("take() wants count to be an integer from 1 to 5, got 6.");
    expect(() => take(set, 1, 5)).toThrow("take() wants start to be an integer from 0 to 4, got 5.");
    expect(tf.memory().numTensors).toBe(before);
    expect(() => examples(tf.zeros([2, 1]), tf.zeros([3]))).toThrow(
      "examples() wants y to be a tensor with one row for each of the 2 rows of x, got a tensor of float32 [3].",
    );
    expect(() => examples(tf.zeros([0, 3]), tf.zeros([0]))).toThrow(
      "at least one example, [size, …], got a tensor of float32 [0, 3]",
    );
    expect(() => examples(tf.scalar(1), tf.zeros([1]))).toThrow("at least one example");
    expect(() => examples([[1]] as never, tf.zeros([1]))).toThrow("examples() wants x to be a tensor, got [[1]].");
    set.x.dispose();
    expect(() => examples(set.x, set.y)).toThrow("examples() got x after it was disposed of.");
  });
});
