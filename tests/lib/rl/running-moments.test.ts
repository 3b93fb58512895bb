import { describe, expect, it } from "vitest";
import { generator } from "../../../lib/src/random";
import { RunningMoments } from "../../../lib/src/rl";

describe("RunningMoments", () => {
  it("come to the mean and variance of all rows, however they are split", () => {
    const rows = Float64Array.from(generator(1).normals(600, 100, 3));
    const moments = new RunningMoments(2);
    moments.count = 0;
    for (const [from, to] of [
      [0, 2],
      [2, 200],
      [200, 600],
    ]) {
      moments.update(rows.subarray(from, to));
    }
    for (const i of [0, 1]) {
      const column = [...rows].filter((_, k) => k % 2 === i);
      const mean = column.reduce((sum, x) => sum + x) / 300;
      const variance = column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 300;
      expect([moments.mean[i], moments.variance[i]]).toBeAllclose([mean, variance], { rtol: 1e-12 });
    }
    expect(moments.count).toBe(300);
  });

  it("go on where they were saved", () => {
    const moments = new RunningMoments(1);
    moments.update([1, 2, 4]);
    const other = new RunningMoments(1);
    other.load(JSON.parse(JSON.stringify(moments.save())) as ReturnType<RunningMoments["save"]>);
    moments.update([5]);
    other.update([5]);
    expect(other).toEqual(moments);
  });

  it("refuse parts of rows, and moments of another size", () => {
    const moments = new RunningMoments(2);
    expect(() => moments.update([1, 2, 3])).toThrow(/^update\(\) wants values to be rows of 2 numbers/);
    expect(() => moments.load(new RunningMoments(3).save())).toThrow(/^load\(\) wants mean/);
  });
});
