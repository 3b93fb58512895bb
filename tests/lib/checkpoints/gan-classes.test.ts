import { describe, expect, it } from "vitest";
import { ganClasses } from "../../../lib/src/checkpoints/gan-classes";
import { examples, type Examples } from "../../../lib/src/data";
import { NARROW } from "../../../lib/src/gan";
import { tf } from "../../../lib/src/tensorflow";

/** Black and white images in turn, and every sixth one grey; labels that say nothing of it. */
function images(): Examples<tf.Tensor4D, tf.Tensor1D> {
  const shades = Array.from({ length: 24 }, (_, i) => (i % 6 === 5 ? 0.5 : i % 2));
  return examples(
    tf.tidy(() => tf.mul(tf.ones([24, 2, 2, 1]), tf.tensor4d(shades, [24, 1, 1, 1])) as tf.Tensor4D),
    tf.tensor1d(
      shades.map((_, i) => i % 10),
      "int32",
    ),
  );
}

describe("the classes of a run", () => {
  it("are the labels, and samples are asked for each in turn", () => {
    const train = images();
    const { y, asked, labelOf, centres, cpuSeconds } = ganClasses(train, NARROW, 1);
    expect(y.dataSync()).toEqual(train.y.dataSync());
    expect([0, 9, 10, 23].map(asked)).toEqual([0, 9, 0, 3]);
    expect(labelOf!(7)).toBe(7);
    expect([centres, cpuSeconds]).toEqual([undefined, 0]);
    y.dispose();
    train.dispose();
  });

  it("are clusters where the recipe wants them, whose search counts as processor time", () => {
    const train = images();
    const before = tf.memory().numTensors;
    const { y, asked, labelOf, centres, cpuSeconds } = ganClasses(train, { ...NARROW, clusters: 3 }, 1);
    const found = Array.from(y.dataSync());
    expect(new Set(found).size).toBe(3);
    found.forEach((cluster, i) => expect(cluster).toBe(found[i % 6]));
    expect([found[0], found[1], found[5]]).toEqual([found[2], found[3], found[11]]);
    expect(Array.from({ length: 30 }, (_, i) => asked(i))).toEqual([...found, ...found.slice(0, 6)]);
    const shades = Buffer.from(centres!, "base64");
    expect([shades[4 * found[0]], shades[4 * found[1]], shades[4 * found[5]]]).toEqual([0, 255, 128]);
    expect(labelOf).toBeUndefined();
    expect(cpuSeconds).toBeGreaterThan(0);
    y.dispose();
    expect(tf.memory().numTensors).toBe(before);
    train.dispose();
  });

  it("are clusters of each label where the recipe wants that, those of label 0 first", () => {
    // Each label has two shades of its own, in turn.
    const shade = (i: number) => 20 * (i % 10) + 10 * (Math.floor(i / 10) % 2);
    const numbers = Array.from({ length: 40 }, (_, i) => i);
    const shadesOf = tf.tensor4d(
      numbers.map((i) => shade(i) / 255),
      [40, 1, 1, 1],
    );
    const train = examples(
      tf.tidy(() => tf.mul(tf.ones([40, 2, 2, 1]), shadesOf) as tf.Tensor4D),
      tf.tensor1d(
        numbers.map((i) => i % 10),
        "int32",
      ),
    );
    const before = tf.memory().numTensors;
    const { y, asked, labelOf, centres } = ganClasses(train, { ...NARROW, clusters: 20, withinLabels: true }, 1);
    const found = Array.from(y.dataSync());
    expect(new Set(found).size).toBe(20);
    expect(found.map(labelOf!)).toEqual(Array.from(train.y.dataSync()));
    expect(asked(23)).toBe(found[23]);
    const shades = Buffer.from(centres!, "base64");
    found.forEach((cluster, i) => expect(shades[4 * cluster]).toBe(shade(i)));
    y.dispose();
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(shadesOf);
    train.dispose();
  });
});
