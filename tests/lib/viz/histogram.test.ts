import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { histogram } from "../../../lib/src/viz";
import { tf } from "../../../lib/src/tensorflow";

interface Bin {
  from: number;
  to: number;
  count: number;
}
const bins = (chart: object) => (chart as { data: { values: Bin[] } }).data.values;

describe("histogram", () => {
  it("counts into bins with round edges", () => {
    // The range of 2.7 in about 3 bins: 1 wide, from 1 on; 4.0 lies in a bin of its own.
    expect(bins(histogram([1.3, 2, 2.5, 4], { title: "t", bins: 3 }))).toEqual([
      { from: 1, to: 2, count: 1 },
      { from: 2, to: 3, count: 2 },
      { from: 3, to: 4, count: 0 },
      { from: 4, to: 5, count: 1 },
    ]);
  });

  it("puts every value into a bin whose edges hold it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e4, max: 1e4 }), { minLength: 1 }),
        (values) => {
          const rows = bins(histogram(values, { title: "t" }));
          expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
          const slack = 1e-6 * Math.max(1, ...values.map(Math.abs));
          expect(rows[0].from).toBeLessThanOrEqual(Math.min(...values) + slack);
          expect(rows.at(-1)!.to).toBeGreaterThanOrEqual(Math.max(...values) - slack);
          expect(rows.length).toBeLessThanOrEqual(42);
        },
      ),
    );
  });

  it("draws a single value, and values that are all the same", () => {
    expect(bins(histogram([0.5], { title: "t" })).map(({ count }) => count)).toEqual([1]);
    expect(bins(histogram([7, 7, 7], { title: "t" })).map(({ count }) => count)).toEqual([3]);
  });

  it("compares sets of different sizes by their shares", () => {
    const rows = bins(histogram({ few: [1, 2], many: [1, 1, 1, 2] }, { title: "t", bins: 1 })) as unknown as {
      set: string;
      share: number;
    }[];
    const total = (name: string) => rows.filter(({ set }) => set === name).reduce((sum, { share }) => sum + share, 0);
    expect([total("few"), total("many")]).toEqual([1, 1]);
  });

  it("states mean and standard deviation in its text", () => {
    // Population standard deviation of 2, 4, 4, 4, 5, 5, 7, 9: the textbook's 2.
    expect(histogram([2, 4, 4, 4, 5, 5, 7, 9], { title: "t" }).description).toContain("mean 5, standard deviation 2");
  });

  it("reads tensors and leaves them alive", () => {
    const before = tf.memory().numTensors;
    const x = tf.tensor2d([
      [1, 2],
      [3, 4],
    ]);
    histogram(x, { title: "t" });
    expect(x.isDisposed).toBe(false);
    x.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("refuses NaN, infinity and nothing", () => {
    expect(() => histogram([1, NaN], { title: "t" })).toThrow(
      "histogram() wants values to be finite numbers, got NaN at 1",
    );
    expect(() => histogram({ a: [Infinity] }, { title: "t" })).toThrow("wants a to be finite");
    expect(() => histogram([], { title: "t" })).toThrow("at least one number");
    expect(() => histogram({}, { title: "t" })).toThrow("at least one set");
    expect(() => histogram(["1"] as never, { title: "t" })).toThrow('got "1" among them');
    expect(() => histogram([1], { title: "t", bins: 0 })).toThrow("an integer from 1 to 200");
  });
});
