import { EigenvalueDecomposition } from "ml-matrix";
import { checkShape } from "../check";

/** Eigenvalues from the largest down, and for each its eigenvector of length 1. */
export interface Eigen {
  values: number[];
  vectors: number[][];
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix, `A v = λ v`, in float64: about a second for 256 rows. The same matrix
 * gives the same signs of the vectors every time, but nothing says which.
 *
 * @throws RangeError where the matrix is not square
 */
export function symmetricEigen(matrix: readonly (readonly number[])[]): Eigen {
  const n = matrix.length;
  matrix.forEach((row) => checkShape("symmetricEigen()", "each row", { shape: [row.length], dtype: "float64" }, [n]));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  const order = realEigenvalues.map((_, i) => i).sort((i, j) => realEigenvalues[j] - realEigenvalues[i]);
  return { values: order.map((i) => realEigenvalues[i]), vectors: order.map((i) => eigenvectorMatrix.getColumn(i)) };
}
