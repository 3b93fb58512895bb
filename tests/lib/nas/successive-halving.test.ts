import { describe, expect, it } from "vitest";
import { successiveHalving } from "../../../lib/src/nas/successive-halving";
import { drive } from "./drive";
import { digits } from "./spaces";

type Digits = { a: number; b: number; c: number };
const sum = ({ genotype: { a, b, c } }: { genotype: Digits }) => a + b + c;

describe("successiveHalving", () => {
  it("promotes the best third of each rung to three times the effort", () => {
    const history = drive(successiveHalving(digits, { evaluations: 130, maxFidelity: 9 }), sum);
    const at = (fidelity: number) => history.filter((candidate) => candidate.fidelity === fidelity);
    expect(at(1).length + at(3).length + at(9).length).toBe(130);
    expect(at(3).length).toBeGreaterThanOrEqual(Math.floor(at(1).length / 3) - 1);
    expect(at(9).length).toBeGreaterThanOrEqual(Math.floor(at(3).length / 3) - 1);
    for (const { id, parents = [], key, fidelity, genotype } of [...at(3), ...at(9)]) {
      const [parent] = parents.map((i) => history[i]);
      expect([parent.key, parent.genotype, 3 * parent.fidelity!]).toEqual([key, genotype, fidelity]);
      const rung = history.slice(0, id).filter((other) => other.fidelity === parent.fidelity);
      const better = rung.filter(({ score }) => score > parent.score).length;
      expect(better).toBeLessThan(rung.length / 3);
    }
  });

  it("promotes as ASHA's rule says, by hand", () => {
    const scores = [5, 9, 1, 0, 0, 7, 8];
    const history = drive(successiveHalving(digits, { evaluations: 8, maxFidelity: 3 }), ({ id }) => scores[id] ?? 0);
    // Three are needed for one of a third: 0, 1, 2 are drawn, then 1 is promoted as candidate 3; 4, 5 and 6 are new, and the
    // six on the lowest rung (5, 9, 1, 0, 7, 8) allow a second promotion: candidate 6.
    expect(history.map(({ fidelity, parents = [] }) => [fidelity, ...parents])).toEqual([
      ...[[1], [1], [1], [3, 1], [1], [1], [1]],
      [3, 6],
    ]);
  });

  it("promotes nobody twice and no failure", () => {
    const history = drive(successiveHalving(digits, { evaluations: 100, maxFidelity: 27 }), ({ genotype, id }) =>
      id % 2 ? undefined : sum({ genotype }),
    );
    const promoted = history.flatMap(({ parents = [] }) => parents);
    expect(new Set(promoted).size).toBe(promoted.length);
    for (const id of promoted) expect(history[id].failure).toBeUndefined();
  });

  it("ends its ladder at the highest fidelity, also where that is no power", () => {
    const rungs = (minFidelity: number, maxFidelity: number, reduction?: number) => {
      const search = successiveHalving(digits, { evaluations: 400, minFidelity, maxFidelity, reduction });
      return [...new Set(drive(search, sum).map(({ fidelity }) => fidelity!))].sort((a, b) => a - b);
    };
    expect(rungs(1, 10)).toEqual([1, 3, 9, 10]);
    expect(rungs(2, 8, 2)).toEqual([2, 4, 8]);
    expect(rungs(5, 5)).toEqual([5]);
  });

  it("takes the best of the highest rung", () => {
    const search = successiveHalving(digits, { evaluations: 60, maxFidelity: 9 });
    drive(search, ({ genotype, fidelity }) => sum({ genotype }) - fidelity!);
    expect(search.best()!.fidelity).toBe(9);
  });

  it("refuses a ladder that does not climb", () => {
    const make = (options: object) => () => successiveHalving(digits, { evaluations: 5, maxFidelity: 9, ...options });
    expect(make({ minFidelity: 10 })).toThrow("wants maxFidelity to be an integer from 10 up, got 9");
    expect(make({ reduction: 1 })).toThrow("wants reduction to be an integer from 2 up");
  });
});
