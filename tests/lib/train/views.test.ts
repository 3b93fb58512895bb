import { describe, expect, it } from "vitest";
import { tf } from "../../../lib/src/tensorflow";
import { predict, predictViews } from "../../../lib/src/train";

const [height, width] = [3, 4];
/** Says what it sees: a prediction is the image itself. */
const mirror = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [height, width, 1] })] });
const x = tf.randomUniform([5, height, width, 1], 0, 1, "float32", 3) as tf.Tensor4D;

/** Image n at a row and a column, which beyond the rim are those inside it, reflected. */
function pixel(n: number, row: number, column: number): number {
  const inside = (at: number, size: number) => (at < 0 ? -at : at >= size ? 2 * (size - 1) - at : at);
  return x.dataSync()[(n * height + inside(row, height)) * width + inside(column, width)];
}

describe("predictViews", () => {
  it("is the weighted mean over six views, computed by hand", () => {
    const wanted: number[] = [];
    for (let n = 0; n < 5; n++)
      for (let i = 0; i < height; i++)
        for (let j = 0; j < width; j++) {
          const both = (by: number) => pixel(n, i + by, j + by) + pixel(n, i + by, width - 1 - j + by);
          wanted.push(both(0) / 4 + (both(-1) + both(1)) / 8);
        }
    const got = predictViews(mirror, x, { batchSize: 2 });
    expect(got.shape).toEqual([5, height * width]);
    expect(got.dataSync()).toBeAllclose(wanted, { atol: 1e-6 });
    got.dispose();
  });

  it("looks at the image and its mirror image alone without a shift", () => {
    const [views, once, turned] = tf.tidy(() => [
      predictViews(mirror, x, { shift: 0 }),
      predict(mirror, x),
      predict(mirror, tf.reverse(x, 2)),
    ]);
    expect(views.dataSync()).toBeAllclose(
      tf.tidy(() => tf.div(tf.add(once, turned), 2).dataSync()),
      { atol: 1e-6 },
    );
    tf.dispose([views, once, turned]);
  });

  it("leaves one tensor, and none where it refuses", () => {
    const before = tf.memory().numTensors;
    predictViews(mirror, x).dispose();
    expect(() => predictViews(mirror, x, { shift: 3 })).toThrow(/predictViews\(\) wants shift/);
    expect(() => predictViews(mirror, tf.zeros([2, 2]) as never)).toThrow(/predictViews\(\) wants x/);
    expect(tf.memory().numTensors).toBe(before + 1); // the zeros above
  });
});
