import { describe, expect, it } from "vitest";
import { symmetricEigen } from "../../../lib/src/models/symmetric-eigen";
import truth from "../../fixtures/models/eigen.json";

const dot = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * b[i], 0);

describe.each(truth)("symmetricEigen of a matrix, $name", ({ matrix, values: expected }) => {
  const { values, vectors } = symmetricEigen(matrix);
  const size = Math.max(...expected.map(Math.abs));

  it("has NumPy's eigenvalues, from the largest down", () => {
    expect(values).toBeAllclose(expected, { atol: 1e-13 * size, rtol: 1e-12 });
  });

  it("has eigenvectors that stand on each other at right angles, and A v = λ v", () => {
    vectors.forEach((v, i) => {
      expect(matrix.map((row) => dot(row, v))).toBeAllclose(
        v.map((x) => values[i] * x),
        { atol: 1e-13 * size, rtol: 0 },
      );
      expect(vectors.map((w) => dot(v, w))).toBeAllclose(
        vectors.map((_, j) => Number(i === j)),
        { atol: 1e-13 },
      );
    });
  });
});

describe("symmetricEigen", () => {
  it("refuses a matrix that is not square, and leaves the given one alone", () => {
    expect(() => symmetricEigen([[1, 2]])).toThrow("symmetricEigen() wants each row to be a tensor of shape [1]");
    const matrix = [
      [2, 1],
      [1, 2],
    ];
    expect(symmetricEigen(matrix).values).toBeAllclose([3, 1]);
    expect(matrix).toEqual([
      [2, 1],
      [1, 2],
    ]);
  });
});
