import { checkFinite, refuse } from "../check";

/**
 * Whether a cheap score puts networks into the same order as the true one: the correlation of the ranks, 1 for the same
 * order, -1 for the opposite, 0 for none. Equal values share the mean of their ranks.
 *
 * Spearman: The proof and measurement of association between two things. 1904.
 *
 * @throws RangeError for different lengths, fewer than 2 values, NaN, or a side whose values are all equal
 */
export function spearman(x: readonly number[], y: readonly number[]): number {
  check("spearman()", x, y);
  return pearson(ranks(x), ranks(y));
}

/**
 * The share of pairs that both sides put into the same order less the share that they don't, τ-b: a pair that one side has as
 * equal counts for neither, and the sum is scaled to reach 1 all the same.
 *
 * `τ = (C - D) / √((C + D + Tx) (C + D + Ty))`, with Tx the pairs equal in x alone. Kendall: The treatment of ties in ranking
 * problems. 1945.
 *
 * @throws RangeError for different lengths, fewer than 2 values, NaN, or a side whose values are all equal
 */
export function kendallTau(x: readonly number[], y: readonly number[]): number {
  check("kendallTau()", x, y);
  let [difference, differentX, differentY] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < i; j++) {
      const [a, b] = [Math.sign(x[i] - x[j]), Math.sign(y[i] - y[j])];
      difference += a * b;
      differentX += a * a;
      differentY += b * b;
    }
  }
  return difference / Math.sqrt(differentX * differentY);
}

function check(where: string, x: readonly number[], y: readonly number[]): void {
  if (x.length !== y.length) refuse(where, "y", `${x.length} numbers, as many as x`, y);
  if (x.length < 2) refuse(where, "x", "at least 2 numbers", x);
  checkFinite(where, "x", x);
  checkFinite(where, "y", y);
  for (const [name, values] of Object.entries({ x, y })) {
    if (values.every((value) => value === values[0])) refuse(where, name, "not all equal", values[0]);
  }
}

/** From 1 up; equal values have the mean of their places. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const result = new Array<number>(values.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let place = from; place < to; place++) result[order[place]] = (from + to + 1) / 2;
  }
  return result;
}

function pearson(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const sum = (f: (i: number) => number) => x.reduce((total, _, i) => total + f(i), 0);
  const across = sum((i) => (x[i] - mx) * (y[i] - my));
  return across / Math.sqrt(sum((i) => (x[i] - mx) ** 2) * sum((i) => (y[i] - my) ** 2));
}
