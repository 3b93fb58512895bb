import { describe, expect, it } from "vitest";
import { examples } from "../../../lib/src/data/examples";
import { split } from "../../../lib/src/data/split";
import { tf } from "../../../lib/src/tensorflow";

/** 60 examples of class 0, 30 of class 1, 10 of class 2, each with its own number as input. */
const labels = [...Array(60).fill(0), ...Array(30).fill(1), ...Array(10).fill(2)];
const set = () => examples(tf.range(0, 100).expandDims(1), tf.tensor1d(labels, "int32"));
const inputs = ({ x }: { x: tf.Tensor }) => Array.from(x.dataSync());
const counts = ({ y }: { y: tf.Tensor }) => {
  const count = [0, 0, 0];
  y.dataSync().forEach((label) => count[label]++);
  return count;
};

describe("split", () => {
  it("parts examples without overlap or loss, x beside its y", () => {
    const { train, validation } = split(set(), { validation: 0.25, seed: 5 });
    expect([train.size, validation.size]).toEqual([75, 25]);
    expect([...inputs(train), ...inputs(validation)].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, i) => i),
    );
    for (const part of [train, validation]) {
      expect(Array.from(part.y.dataSync())).toEqual(inputs(part).map((i) => labels[i]));
    }
  });

  it("keeps the share of each class to within one example, for any seed", () => {
    for (let seed = 0; seed < 20; seed++) {
      const held = counts(split(set(), { validation: 0.2, seed }).validation);
      expect(held.reduce((sum, count) => sum + count)).toBe(20);
      held.forEach((count, i) => expect(Math.abs(count - [12, 6, 2][i])).toBeLessThanOrEqual(1));
    }
  });

  it("can hold back at random alone, and a number of examples", () => {
    const plain = split(set(), { validation: 7, stratify: false, seed: 1 });
    expect(plain.validation.size).toBe(7);
    expect(inputs(plain.validation)).not.toEqual(inputs(split(set(), { validation: 7, seed: 1 }).validation));
  });

  it("repeats itself for a seed and differs for another", () => {
    const held = (seed: number) => inputs(split(set(), { seed }).validation);
    expect(held(1)).toEqual(held(1));
    expect(held(1)).not.toEqual(held(2));
  });

  it("refuses shares that leave one side empty, and leaks nothing", () => {
    const all = set();
    const before = tf.memory().numTensors;
    for (const validation of [0, 0.001, 0.999, 100, 2.5, NaN, -1]) {
      expect(() => split(all, { validation })).toThrow(/^split\(\) wants validation to be /);
    }
    expect(() => split({ ...all, y: all.x } as never, { stratify: true })).toThrow("Remedy: stratify: false.");
    expect(tf.memory().numTensors).toBe(before);
    const { train, validation } = split(all);
    train.dispose();
    validation.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
