import { Matrix } from "ml-matrix";
import { checkFinite, checkShape, refuse } from "../check";
import { symmetricEigen } from "../models/symmetric-eigen";
import { tf } from "../tensorflow";

/**
 * How far two clouds of points lie apart, each taken as a normal distribution:
 * `|μ₁ - μ₂|² + tr(C₁ + C₂ - 2 (C₁C₂)^½)`, with unbiased covariances. 0 for equal means and covariances. Computed in float64.
 *
 * In the features of the course's digit classifier this is the *digit* Fréchet distance. It is not the FID of papers, which
 * takes the features of the Inception network on photographs, and its numbers must not be compared with theirs. It grows
 * with fewer points even where the distributions are the same: state the number, and compare with data against data.
 *
 * Dowson and Landau: The Fréchet distance between multivariate normal distributions. 1982. As a measure of samples: Heusel
 * et al., NIPS 2017, arXiv:1706.08500.
 *
 * @param real features of data, `[n, features]`, more than one @param generated features of samples, `[m, features]`
 * @throws RangeError where the widths differ, there are fewer than two rows, or a number is not finite
 */
export function frechetDistance(real: tf.Tensor2D, generated: tf.Tensor2D): number {
  const where = "frechetDistance()";
  checkShape(where, "real", real, [null, null]);
  checkShape(where, "generated", generated, [null, real.shape[1]]);
  const [a, b] = [moments(where, "real", real), moments(where, "generated", generated)];
  const apart = a.mean.reduce((sum, value, i) => sum + (value - b.mean[i]) ** 2, 0);
  // tr (C₁C₂)^½ = tr (C₁^½ C₂ C₁^½)^½, and the matrix on the right is symmetric.
  const root = squareRoot(a.covariance);
  const inner = root.mmul(new Matrix(b.covariance)).mmul(root);
  const { values } = symmetricEigen(Matrix.add(inner, inner.transpose()).mul(0.5).to2DArray());
  const common = values.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
  return Math.max(0, apart + trace(a.covariance) + trace(b.covariance) - 2 * common);
}

function moments(where: string, name: string, rows: tf.Tensor2D): { mean: Float64Array; covariance: number[][] } {
  const [n, width] = rows.shape;
  if (n < 2) refuse(where, name, "at least two rows", n);
  const values = rows.dataSync();
  checkFinite(where, name, values);
  const mean = new Float64Array(width);
  for (let i = 0; i < values.length; i++) mean[i % width] += values[i] / n;
  const sums = Array.from({ length: width }, () => new Float64Array(width));
  const centred = new Float64Array(width);
  for (let row = 0; row < n; row++) {
    for (let i = 0; i < width; i++) centred[i] = values[row * width + i] - mean[i];
    for (let i = 0; i < width; i++) {
      const [value, products] = [centred[i], sums[i]];
      if (value === 0) continue;
      for (let j = i; j < width; j++) products[j] += value * centred[j];
    }
  }
  const covariance = sums.map((_, i) => Array.from(sums, (_, j) => sums[Math.min(i, j)][Math.max(i, j)] / (n - 1)));
  return { mean, covariance };
}

/** The symmetric root of a positive matrix, `V √Λ Vᵀ`. */
function squareRoot(matrix: number[][]): Matrix {
  const { values, vectors } = symmetricEigen(matrix);
  const rows = new Matrix(vectors);
  const scaled = rows.clone().mulColumnVector(values.map((value) => Math.sqrt(Math.max(0, value))));
  return rows.transpose().mmul(scaled);
}

const trace = (matrix: number[][]): number => matrix.reduce((sum, row, i) => sum + row[i], 0);
