import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { paretoFront } from "../../../lib/src/nas/pareto-front";

type Point = [cost: number, worth: number];
const front = (points: Point[]) =>
  paretoFront(
    points,
    ([cost]) => cost,
    ([, worth]) => worth,
  );

describe("paretoFront", () => {
  it("leaves out whom another beats", () => {
    // (3, 5) costs more than (2, 6) and is worth less; of the two (2, 6) the first stays.
    expect(
      front([
        [3, 5],
        [2, 6],
        [1, 1],
        [2, 6],
        [2, 4],
        [9, 7],
      ]),
    ).toEqual([2, 1, 5]);
    expect(front([])).toEqual([]);
  });

  it("is what its definition says, checked pair by pair", () => {
    const point = fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 }));
    fc.assert(
      fc.property(fc.array(point, { maxLength: 20 }), (points) => {
        const beaten = ([cost, worth]: Point, i: number) =>
          points.some(([c, w], j) => c <= cost && w >= worth && (c < cost || w > worth || j < i));
        const kept = points.flatMap((own, i) => (beaten(own, i) ? [] : [i]));
        expect(front(points).sort((a, b) => a - b)).toEqual(kept);
      }),
    );
  });

  it("refuses NaN", () => {
    expect(() => front([[1, NaN]])).toThrow("paretoFront() wants worths to be finite numbers, got NaN at 0");
  });
});
