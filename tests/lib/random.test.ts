import { describe, expect, it } from "vitest";
import { generator, RandomGenerator } from "../../lib/src/random";
import tensorflow from "../fixtures/random/philox.json";

const draw = (rng: RandomGenerator, count: number) => Array.from({ length: count }, () => rng.bits());

describe("generator", () => {
  it.each(tensorflow.streams)("gives the bits of TensorFlow's Philox for seed $seed", ({ seed, bits }) => {
    expect(draw(generator(seed), bits.length)).toEqual(bits);
  });

  it("carries into the counter's upper word as TensorFlow does", () => {
    const { seed, counter, bits } = tensorflow.late;
    const rng = RandomGenerator.from({ key: [seed, 0], counter: [counter, 0], used: 4, spare: null });
    expect(draw(rng, bits.length)).toEqual(bits);
  });

  it("makes the same uniform and normal numbers of them as NumPy's arithmetic", () => {
    const uniform = generator(tensorflow.uniforms.seed);
    expect(tensorflow.uniforms.values.map(() => uniform.uniform())).toEqual(tensorflow.uniforms.values);
    const normal = generator(tensorflow.normals.seed);
    const values = tensorflow.normals.values.map(() => normal.normal());
    expect(values).toBeAllclose(tensorflow.normals.values, { atol: 1e-15, rtol: 1e-14 });
  });

  it("takes any text as a seed, and other texts give other streams", () => {
    expect(draw(generator("digits"), 4)).toEqual(draw(generator("digits"), 4));
    expect(draw(generator("digits"), 4)).not.toEqual(draw(generator("Digits"), 4));
  });

  it.each([-1, 1.5, NaN, 2 ** 53])("refuses the seed %d", (seed) => {
    expect(() => generator(seed)).toThrow(/^generator\(\) wants seed to be an integer from 0 up, got /);
  });
});

describe("a random generator", () => {
  it("goes on after its state was written and read, in the middle of a block and of a normal pair", () => {
    for (let drawn = 0; drawn < 9; drawn++) {
      const rng = generator(3);
      draw(rng, drawn);
      rng.normal();
      const copy = RandomGenerator.from(JSON.parse(JSON.stringify(rng.state())));
      expect([copy.normal(), ...draw(copy, 9)]).toEqual([rng.normal(), ...draw(rng, 9)]);
    }
  });

  it("splits into streams that depend on the name alone", () => {
    const rng = generator(1);
    const early = draw(rng.split("weights"), 8);
    draw(rng, 5);
    expect(draw(rng.split("weights"), 8)).toEqual(early);
    const others = [rng, rng.split("noise"), rng.split(1), rng.split("1"), generator(2).split("weights")];
    const firsts = new Set([early, ...others.map((other) => draw(other, 8))].map(String));
    expect(firsts.size).toBe(6);
  });

  it("draws integers without favouring any: chi-squared below the 1 in 10,000 quantile", () => {
    const rng = generator(7);
    const counts = new Array(10).fill(0);
    for (let i = 0; i < 100_000; i++) counts[rng.integer(-3, 7) + 3]++;
    const chi = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chi).toBeLessThan(33.72); // 9 degrees of freedom
  });

  it("takes all 32 bits where the range is as wide", () => {
    const [rng, same] = [generator(5), generator(5)];
    for (let i = 0; i < 8; i++) expect(rng.integer(-(2 ** 31), 2 ** 31)).toBe(same.bits() - 2 ** 31);
  });

  it("draws again what a remainder would favour", () => {
    // In a range of 3 · 2^30 the first 2^30 numbers would come twice as often: half of all draws instead of a third.
    const rng = generator(5);
    const low = Array.from({ length: 30_000 }, () => rng.integer(0, 3 * 2 ** 30)).filter((n) => n < 2 ** 30).length;
    expect(low / 30_000).toBeAllclose(1 / 3, { atol: 0.01 });
  });

  it("shuffles all orders equally often", () => {
    const rng = generator(11);
    const seen = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = rng.permutation(4).join("");
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect(seen.size).toBe(24);
    const chi = [...seen.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chi).toBeLessThan(55.9); // 23 degrees of freedom, 1 in 10,000
  });

  it("fills arrays with uniform and normal numbers of the asked moments", () => {
    const count = 200_000;
    const moments = (values: Float32Array) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / count;
      return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count)];
    };
    expect(moments(generator(1).normals(count, 2, 3))).toBeAllclose([2, 3], { atol: 0.03 });
    expect(moments(generator(1).uniforms(count, -1, 1))).toBeAllclose([0, 1 / Math.sqrt(3)], { atol: 0.005 });
    expect(
      generator(1)
        .uniforms(count)
        .every((value) => value >= 0 && value < 1),
    ).toBe(true);
  });

  it("picks, tosses coins, and refuses what it cannot draw", () => {
    const rng = generator(1);
    expect(["a", "b"]).toContain(rng.pick(["a", "b"]));
    const heads = Array.from({ length: 10_000 }, () => rng.chance(0.3)).filter(Boolean).length;
    expect(heads / 10_000).toBeAllclose(0.3, { atol: 0.02 });
    expect(() => rng.pick([])).toThrow("pick() wants items.length to be an integer from 1 up, got 0.");
    expect(() => rng.integer(3, 3)).toThrow("integer() wants high to be an integer from 4 to 4294967299, got 3.");
    expect(() => rng.chance(2)).toThrow("chance() wants probability to be a finite number from 0 to 1, got 2.");
    expect(rng.permutation(0).length).toBe(0);
  });
});
