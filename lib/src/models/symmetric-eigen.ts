import { checkShape } from "../check";

/** Eigenvalues from the largest down, and for each its eigenvector of length 1. */
export interface Eigen {
  values: number[];
  vectors: number[][];
}

/**
 * Eigenvalues and eigenvectors of a small symmetric matrix, `A v = λ v`, in float64.
 *
 * Jacobi's method: rotate the plane of two axes so that their off-diagonal number becomes 0, for all pairs, again and again.
 * What is left of the others shrinks quadratically, and some ten rounds are enough. Meant for up to about a hundred rows.
 *
 * Golub and Van Loan: Matrix computations, 4th edition, section 8.5.
 *
 * @throws RangeError where the matrix is not square
 */
export function symmetricEigen(matrix: readonly (readonly number[])[]): Eigen {
  const n = matrix.length;
  matrix.forEach((row) => checkShape("symmetricEigen()", "each row", { shape: [row.length], dtype: "float64" }, [n]));
  const a = matrix.map((row) => [...row]);
  const vectors = a.map((_, i) => a.map((_row, j) => Number(i === j))); // a row for each vector
  const total = Math.hypot(...a.flat());
  const offDiagonal = () => Math.hypot(...a.flatMap((row, i) => row.filter((_, j) => j !== i)));
  for (let round = 0; round < 60 && offDiagonal() > 1e-15 * total; round++) {
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, vectors, p, q);
  }
  const order = a.map((_, i) => i).sort((i, j) => a[j][j] - a[i][i]);
  return { values: order.map((i) => a[i][i]), vectors: order.map((i) => vectors[i]) };
}

/** Turns the plane of axes p and q by the angle for which `a[p][q]` becomes 0. */
function rotate(a: number[][], vectors: number[][], p: number, q: number): void {
  if (a[p][q] === 0) return;
  const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  // The smaller of the two angles that do it: the other would swap the axes, and the rounds would not end.
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  const turn = (u: number, v: number) => [cosine * u - sine * v, sine * u + cosine * v];
  for (const row of a) [row[p], row[q]] = turn(row[p], row[q]);
  for (const list of [a, vectors]) {
    const pairs = list[p].map((u, i) => turn(u, list[q][i]));
    list[p] = pairs.map(([u]) => u);
    list[q] = pairs.map(([, v]) => v);
  }
}
