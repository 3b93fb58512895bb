import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { searchBySteps, type Search, type Steps } from "../../../lib/src/nas/search";

/** Asks for the sum of all scores that it has seen, and notes what it saw. */
function adding(evaluations: number, outstanding: number): { search: Search<number>; seen: number[][] } {
  const seen: number[][] = [];
  function* steps(): Steps<number> {
    for (let sum = 1; ;) {
      const results = yield [{ genotype: sum }];
      seen.push(results.map(({ id }) => id));
      for (const { score } of results) sum += score;
    }
  }
  return { search: searchBySteps("adding", steps(), String, { evaluations, outstanding }), seen };
}

/** Tells results in an order that the numbers in `luck` decide. */
function run(search: Search<number>, luck: readonly number[]): number[] {
  const open: { id: number; genotype: number }[] = [];
  const asked: number[] = [];
  for (let turn = 0; !search.finished; turn++) {
    if (search.canAsk && (open.length === 0 || luck[turn % luck.length] % 2 === 0)) {
      const candidate = search.ask();
      open.push(candidate);
      asked.push(candidate.genotype);
    } else if (open.length > 0) {
      const [{ id, genotype }] = open.splice(luck[turn % luck.length] % open.length, 1);
      search.tell({ id, score: (genotype * 7 + id) % 11 });
    }
  }
  return asked;
}

describe("searchBySteps", () => {
  it("asks the same candidates whatever finishes first", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.nat(), { minLength: 7, maxLength: 60 }),
        (evaluations, outstanding, luck) => {
          const mixed = run(adding(evaluations, outstanding).search, [...luck, 1]);
          expect(mixed).toEqual(run(adding(evaluations, outstanding).search, [0, 0, 0, 1]));
          expect(mixed).toHaveLength(evaluations);
        },
      ),
    );
  });

  it("shows a decision all results but the last outstanding - 1", () => {
    const { search, seen } = adding(5, 3);
    for (let i = 0; i < 3; i++) search.ask();
    expect(search.canAsk).toBe(false);
    search.tell({ id: 1, score: 1 });
    expect(search.canAsk).toBe(false);
    search.tell({ id: 2, score: 1 });
    expect(search.canAsk).toBe(false);
    search.tell({ id: 0, score: 1 });
    expect(search.canAsk).toBe(true);
    expect(seen).toEqual([[], [], [0]]);
  });

  it("asks for a whole batch at once and then waits for all of it", () => {
    function* steps(): Steps<number> {
      for (let batch = 0; batch < 2; batch++) {
        const results = yield [{ genotype: 1 }, { genotype: 2 }, { genotype: 3 }];
        expect(results.map(({ score }) => score)).toEqual([10, 20, 30]);
      }
    }
    const search = searchBySteps("batches", steps(), String, { evaluations: 100 });
    for (const start of [0, 3]) {
      const ids = [search.ask(), search.ask(), search.ask()].map(({ id }) => id);
      expect(ids).toEqual([start, start + 1, start + 2]);
      expect([search.canAsk, search.finished]).toEqual([false, false]);
      for (const i of [2, 0, 1]) search.tell({ id: ids[i], score: 10 * (i + 1) });
    }
    expect([search.canAsk, search.finished]).toEqual([false, true]);
  });

  it("cuts the last batch where the budget ends", () => {
    function* steps(): Steps<number> {
      for (;;) yield [{ genotype: 1 }, { genotype: 2 }, { genotype: 3 }];
    }
    const search = searchBySteps("batches", steps(), String, { evaluations: 4 });
    const asked = run(search, [0, 1]);
    expect(asked).toEqual([1, 2, 3, 1]);
  });

  it("ranks failures below every score and says why they failed", () => {
    const { search } = adding(3, 3);
    for (let i = 0; i < 3; i++) search.ask();
    search.tell({ id: 0, failure: "out of time" });
    expect(search.best()).toBeUndefined();
    search.tell({ id: 2, score: -5 });
    search.tell({ id: 1, score: -5 });
    expect(search.best()).toMatchObject({ id: 1, score: -5 });
    expect(search.history[0]).toMatchObject({ id: 0, score: -Infinity, failure: "out of time" });
    expect(search.finished).toBe(true);
  });

  it("prefers the higher fidelity over the higher score", () => {
    function* steps(): Steps<string> {
      yield [
        { genotype: "a", fidelity: 1 },
        { genotype: "b", fidelity: 9 },
      ];
    }
    const search = searchBySteps("two", steps(), String, { evaluations: 9 });
    search.ask();
    search.ask();
    search.tell({ id: 1, score: 0.1 });
    search.tell({ id: 0, score: 0.9 });
    expect(search.best()?.genotype).toBe("b");
  });

  it("refuses what would corrupt the run", () => {
    const { search } = adding(2, 1);
    expect(() => search.tell({ id: 0, score: 1 })).toThrow(
      "adding.tell() wants id to be that of a candidate asked for",
    );
    search.ask();
    expect(() => search.ask()).toThrow("adding.ask() needs the result of candidate 0 first");
    expect(() => search.tell({ id: 0, score: NaN })).toThrow('Remedy: tell({ id: 0, failure: "diverged" })');
    search.tell({ id: 0, score: 1 });
    expect(() => search.tell({ id: 0, score: 1 })).toThrow("wants id to be told once, got 0");
    search.tell({ id: search.ask().id, score: 1 });
    expect(() => search.ask()).toThrow("after the search's last candidate");
    expect(() => adding(0, 1)).toThrow("adding() wants evaluations to be an integer from 1 up, got 0");
    expect(() => adding(1, 0.5)).toThrow("adding() wants outstanding to be an integer from 1 up");
  });
});
