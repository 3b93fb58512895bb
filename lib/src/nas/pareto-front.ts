import { checkFinite } from "../check";

/**
 * The points that no other beats: nobody costs at most as much and is worth at least as much, and better in one of both.
 * Of points that are equal in both, the first.
 *
 * @param cost what should be small, such as parameters; `worth` what should be large, such as accuracy
 * @returns their places, by rising cost
 * @throws RangeError for NaN or infinity
 */
export function paretoFront<Point>(
  points: readonly Point[],
  cost: (point: Point) => number,
  worth: (point: Point) => number,
): number[] {
  const [costs, worths] = [points.map(cost), points.map(worth)];
  checkFinite("paretoFront()", "costs", costs);
  checkFinite("paretoFront()", "worths", worths);
  const order = points.map((_, i) => i).sort((a, b) => costs[a] - costs[b] || worths[b] - worths[a] || a - b);
  let best = -Infinity;
  return order.filter((i) => {
    if (worths[i] <= best) return false;
    best = worths[i];
    return true;
  });
}
