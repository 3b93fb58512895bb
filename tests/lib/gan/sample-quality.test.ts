import { describe, expect, it } from "vitest";
import { frechetDistance, sampleQuality } from "../../../lib/src/gan";
import { tf } from "../../../lib/src/tensorflow";

const normal = (n: number, mean: number, seed: number) =>
  tf.randomNormal([n, 4], mean, 1, "float32", seed) as tf.Tensor2D;

describe("sampleQuality", () => {
  it("has every measure with its spread, next to data against data at the same size", () => {
    tf.tidy(() => {
      const real = normal(400, 0, 1);
      const rows = sampleQuality(real, normal(300, 1, 2), { size: 100, repeats: 4 });
      expect(rows.map(({ measure }) => measure)).toEqual([
        ...["frechetDistance", "precision", "recall", "density", "coverage"],
      ]);
      for (const { size, repeats, spread, floorSpread } of rows) {
        expect([size, repeats]).toEqual([100, 4]);
        expect(spread).toBeGreaterThan(0);
        expect(floorSpread).toBeGreaterThan(0);
      }
      const [frechet, precision] = rows;
      // Means 1 apart in four directions: 4, and what 100 rows add.
      expect(frechet.value).toBeAllclose(4 + frechet.floor, { atol: 3 * frechet.spread + 0.3 });
      expect(frechet.floor).toBeLessThan(1);
      expect(precision.value).toBeLessThan(precision.floor);
    });
  });

  it("finds no difference where there is none, and gives the same rows for the same seed", () => {
    tf.tidy(() => {
      const [real, same] = [normal(400, 0, 1), normal(400, 0, 2)];
      const rows = sampleQuality(real, same, { size: 150, seed: 3 });
      for (const { value, floor, spread, floorSpread } of rows) {
        expect(Math.abs(value - floor)).toBeLessThan(4 * (spread + floorSpread));
      }
      expect(sampleQuality(real, same, { size: 150, seed: 3 })).toEqual(rows);
      expect(sampleQuality(real, same, { size: 150, seed: 4 })).not.toEqual(rows);
    });
  });

  it("measures the whole once where there is one repeat: then no spread is known", () => {
    tf.tidy(() => {
      const real = normal(40, 0, 1);
      const [row] = sampleQuality(real, real, { size: 20, repeats: 1 });
      expect(row.spread).toBe(0);
      expect(frechetDistance(real, real)).toBeLessThan(row.value);
    });
  });

  it("leaves nothing behind, and refuses sizes that there are no data for", () => {
    const real = normal(40, 0, 1);
    const before = tf.memory().numTensors;
    sampleQuality(real, real, { repeats: 1 });
    expect(() => sampleQuality(real, real, { size: 21 })).toThrow("wants size to be an integer from 8 to 20, got 21.");
    expect(tf.memory().numTensors).toBe(before);
    real.dispose();
  });
});
