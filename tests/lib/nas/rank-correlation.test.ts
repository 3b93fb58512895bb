import { describe, expect, it } from "vitest";
import { kendallTau, spearman } from "../../../lib/src/nas/rank-correlation";
import { cases } from "../../fixtures/nas/rank-correlation.json";

describe("rank correlations", () => {
  it.each(cases)("are SciPy's, case %#", ({ x, y, spearman: rho, kendall: tau }) => {
    expect(spearman(x, y)).toBeCloseTo(rho, 12);
    expect(kendallTau(x, y)).toBeCloseTo(tau, 12);
  });

  it("are 1 for the same order and -1 for the opposite, whatever the values", () => {
    for (const correlation of [spearman, kendallTau]) {
      expect(correlation([1, 2, 30], [0.1, 0.2, 0.25])).toBeCloseTo(1, 12);
      expect(correlation([1, 2, 30], [3, 2, 1])).toBeCloseTo(-1, 12);
    }
  });

  it("refuse what has no order", () => {
    for (const [name, correlation] of Object.entries({ spearman, kendallTau })) {
      expect(() => correlation([1, 2], [1])).toThrow(`${name}() wants y to be 2 numbers, as many as x`);
      expect(() => correlation([1], [1])).toThrow("at least 2 numbers");
      expect(() => correlation([1, 1], [1, 2])).toThrow("wants x to be not all equal, got 1");
      expect(() => correlation([1, NaN], [1, 2])).toThrow("wants x to be finite numbers, got NaN at 1");
    }
  });
});
