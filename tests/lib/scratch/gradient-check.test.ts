import { describe, expect, it } from "vitest";
import { scratch } from "../../../lib/src";
import { normal } from "./layers";

const { gradientCheck, numericGradient, tensor } = scratch;

describe("gradientCheck", () => {
  it("finds right gradients right, to ten digits", () => {
    const x = normal(1, [3, 2]),
      w = normal(2, [2, 4]);
    expect(gradientCheck(() => x.matmul(w).tanh().sum(), [x, w]).difference).toBeLessThan(1e-9);
  });

  it("says which number of which input is wrong, and by how much", () => {
    const a = tensor([1, 2]),
      b = tensor([3, 4, 5]);
    // A slope that is right but for one place.
    const wrong = () =>
      a.sum().add(
        b
          .apply(
            "square",
            (x) => x * x,
            (x) => (x === 4 ? 7 : 2 * x),
          )
          .sum(),
      );
    const { difference, worst } = gradientCheck(wrong, [a, b]);
    expect(worst).toMatchObject({ input: 1, index: 1, analytic: 7 });
    expect(worst.numeric).toBeCloseTo(8, 6);
    expect(difference).toBeCloseTo(1 / 8, 6);
  });

  it("takes a gradient that is no number for the worst", () => {
    const x = tensor([1, 2]);
    const { difference } = gradientCheck(
      () =>
        x
          .apply(
            "bad",
            (a) => a,
            (a) => (a === 1 ? NaN : 5),
          )
          .sum(),
      [x],
    );
    expect(difference).toBeNaN();
  });

  it("puts every number back as it was, and asks anew however often it is called", () => {
    const x = tensor([1, 2, 3]);
    const f = () => x.mul(x).sum();
    gradientCheck(f, [x]);
    expect(gradientCheck(f, [x]).difference).toBeLessThan(1e-9);
    expect([...x.data]).toEqual([1, 2, 3]);
    expect(numericGradient(f, x).data).toBeAllclose([2, 4, 6], { atol: 1e-8 });
  });

  it("refuses a step of 0", () => {
    expect(() => numericGradient(() => tensor(0), tensor(0), { h: 0 })).toThrow(/h to be a finite number/);
  });
});
