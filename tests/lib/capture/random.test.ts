import { afterEach, describe, expect, it } from "vitest";
import { compile } from "../../../lib/src/capture";
import { setRandomSeed } from "../../../lib/src/kernels";
import { tf } from "../../../lib/src/tensorflow";

const values = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());
const CALLS = 6;
afterEach(() => tf.engine().disposeVariables());

const OWN_SEED = "a dropout layer with a seed of its own";
const draws: Record<string, () => tf.Tensor> = {
  "tf.randomUniform": () => tf.randomUniform([200], -1, 2),
  "tf.randomNormal": () => tf.randomNormal([200], 1, 2),
  "tf.truncatedNormal": () => tf.truncatedNormal([200]),
  "tf.multinomial": () => tf.multinomial(tf.tensor2d([[0, 1, 2, 0, 1]]), 50),
  "tf.dropout": () => tf.dropout(tf.ones([200]), 0.5),
  [OWN_SEED]: () => layer.apply(tf.ones([4, 50]), { training: true }) as tf.Tensor,
};
const layer = tf.layers.dropout({ rate: 0.5, seed: 7 });

describe("random numbers inside of a compiled step", () => {
  it.each(Object.keys(draws))("of %s differ at every call, and are those of eager code after the same seed", (name) => {
    setRandomSeed(11);
    const eager = Array.from({ length: CALLS }, () => tf.tidy(() => values(draws[name]())));
    const step = compile(draws[name]);
    const run = (seed: number): number[][] => {
      setRandomSeed(seed);
      return Array.from({ length: CALLS }, () => tf.tidy(() => values(step())));
    };
    expect(run(11)).toEqual(eager);
    expect(new Set(eager.map(String)).size).toBe(CALLS);
    expect(run(11)).toEqual(eager);
    // A layer's own seed takes the place of the common one.
    if (name === OWN_SEED) expect(run(12)).toEqual(eager);
    else expect(run(12)).not.toEqual(eager);
    expect(step.stats().recordings).toBe(1);
    step.dispose();
  });

  it("differ between two draws in one step", () => {
    const step = compile(() => [tf.randomUniform([50]), tf.randomUniform([50])]);
    for (let i = 0; i < 3; i++) {
      const [a, b] = tf.tidy(() => step().map(values));
      expect(a).not.toEqual(b);
    }
    step.dispose();
  });

  it("have the distribution that was asked for", () => {
    const step = compile(() => ({ uniform: tf.randomUniform([4000], -1, 3), kept: tf.dropout(tf.ones([4000]), 0.25) }));
    tf.dispose([step(), step()]);
    const { uniform, kept } = step();
    const all = values(uniform);
    // 4,000 draws with standard deviation 4 / sqrt(12): the mean is within 5 standard errors, 0.091.
    expect(Math.abs(all.reduce((a, b) => a + b) / 4000 - 1)).toBeLessThan(0.091);
    expect([Math.min(...all) >= -1, Math.max(...all) < 3]).toEqual([true, true]);
    const mask = values(kept);
    expect([...new Set(mask)].sort()).toBeAllclose([0, 4 / 3]);
    // Binomial(4000, 3/4): standard deviation 27.4.
    expect(Math.abs(mask.filter((value) => value > 0).length - 3000)).toBeLessThan(5 * 27.4);
    step.dispose();
  });
});
