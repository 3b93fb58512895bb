import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { downsample } from "../../../lib/src/viz/downsample";

const heights = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 3000 });

describe("downsample", () => {
  it("keeps everything that fits", () => {
    expect(downsample([3, 1, 2], 4)).toEqual([0, 1, 2]);
  });

  it("keeps the ends, the highest and the lowest point, and stays within the limit", () => {
    fc.assert(
      fc.property(heights, fc.integer({ min: 4, max: 500 }), (y, limit) => {
        const kept = downsample(y, limit);
        expect(kept.length).toBeLessThanOrEqual(limit);
        expect([kept[0], kept.at(-1)]).toEqual([0, y.length - 1]);
        const values = kept.map((i) => y[i]);
        expect([Math.min(...values), Math.max(...values)]).toEqual([Math.min(...y), Math.max(...y)]);
        expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
      }),
    );
  });

  it("keeps a break, where the line must end", () => {
    const y = Array.from({ length: 1000 }, (_, i) => (i === 777 ? null : i));
    expect(downsample(y, 100)).toContain(777);
  });

  it("refuses a limit below the four points that a stretch needs", () => {
    expect(() => downsample([1], 3)).toThrow("an integer from 4 up");
  });
});
