import { checkInteger } from "../check";

/** More points than this in one chart can't be told apart, and are heavy to redraw while a network trains. */
export const MAX_POINTS = 500;

/** How many points each of so many lines may have. */
export const pointsPerLine = (lines: number): number => Math.max(40, Math.floor(MAX_POINTS / Math.max(1, lines)));

/**
 * Thins out a line for drawing without hiding anything from the eye: the line is cut into equal stretches, and of each the
 * first, lowest, highest and last point stay. So a spike that lasts one step is still seen at its true height, which the mean
 * of a stretch or every n-th point would lose. A point that is not finite is kept, because the line must break there.
 *
 * @param y the heights; what x is does not matter as long as it grows evenly
 * @returns indices in ascending order, at most `limit` of them plus the breaks
 */
export function downsample(y: ArrayLike<number | null>, limit: number = MAX_POINTS): number[] {
  checkInteger("downsample()", "limit", limit, { min: 4 });
  if (y.length <= limit) return Array.from({ length: y.length }, (_, i) => i);
  const kept = new Set<number>();
  const stretches = Math.floor(limit / 4);
  for (let s = 0; s < stretches; s++) {
    const [from, to] = [Math.floor((s * y.length) / stretches), Math.floor(((s + 1) * y.length) / stretches)];
    for (const i of landmarks(y, from, to)) kept.add(i);
  }
  return [...kept].sort((a, b) => a - b);
}

function landmarks(y: ArrayLike<number | null>, from: number, to: number): number[] {
  let [low, high, gap] = [-1, -1, -1];
  for (let i = from; i < to; i++) {
    const value = y[i];
    if (value === null || !Number.isFinite(value)) gap = i;
    else {
      if (low < 0 || value < y[low]!) low = i;
      if (high < 0 || value > y[high]!) high = i;
    }
  }
  return [from, low, high, gap, to - 1].filter((i) => i >= 0);
}
