import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Journal } from "../../../lib/src/nas/journal";
import { Evaluator, Outcome } from "../../../lib/src/nas/outcome";
import { randomSearch } from "../../../lib/src/nas/random-search";
import { runSearch } from "../../../lib/src/nas/run-search";
import { Candidate, Search, searchBySteps, Steps } from "../../../lib/src/nas/search";
import { generator, RandomGenerator } from "../../../lib/src/random";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nablab-"));
  file = join(folder, "search.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true }));

const quiet = { progress: false } as const;

/** Hill climbing on the integers: what is asked depends on all results that are due. */
function climb(evaluations: number, outstanding = 1): Search<number> {
  const rng = generator(1);
  function* steps(): Steps<number> {
    let best = { genotype: 50, score: -Infinity };
    while (true) {
      const genotype = best.genotype + rng.integer(-9, 10);
      for (const told of yield [{ genotype }]) if (told.score > best.score) best = told;
    }
  }
  return searchBySteps("climb", steps(), String, { evaluations, outstanding });
}

/** Candidates that all differ. */
function count(evaluations: number, outstanding = 1): Search<number> {
  function* steps(): Steps<number> {
    for (let genotype = 0; ; genotype++) yield [{ genotype }];
  }
  return searchBySteps("count", steps(), String, { evaluations, outstanding });
}

const hill = ({ genotype }: { genotype: number }) => -((genotype - 17.3) ** 2);

/** Settles candidates when the test says so. */
class ByHand implements Evaluator<number> {
  readonly open = new Map<number, (outcome: Outcome) => void>();
  readonly signals: AbortSignal[] = [];
  asked = 0;
  private heard: () => void = () => {};

  constructor(readonly concurrency: number) {}

  evaluate(candidate: Candidate<number>, signal: AbortSignal): Promise<Outcome> {
    this.asked++;
    this.signals.push(signal);
    return new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error));
      this.open.set(candidate.id, (outcome) => {
        this.open.delete(candidate.id);
        resolve(outcome);
      });
      this.heard();
    });
  }

  /** Waits until so many are being evaluated. */
  async busy(count: number): Promise<void> {
    while (this.open.size < count) await new Promise<void>((resolve) => (this.heard = resolve));
  }
}

describe("runSearch", () => {
  it("asks, has evaluated and tells until the search is over", async () => {
    const search = climb(40);
    const report = await runSearch(search, hill, quiet);
    expect(report.stopped).toBe("finished");
    expect(report.history.map(({ id }) => id)).toEqual(Array.from({ length: 40 }, (_, id) => id));
    for (const told of report.history) expect(told.score).toBe(hill(told));
    expect(report.best!.score).toBe(Math.max(...report.history.map(({ score }) => score)));
    expect(String(report)).toMatch(/^40 candidates in \d+\.\d s, finished, \d+ known before, best -?[\d.]+: \d+$/);
  });

  it("evaluates equal candidates once, also while the first is underway", async () => {
    const seen: number[] = [];
    const search = randomSearch(
      { sample: (rng) => rng.integer(0, 6), key: String },
      { evaluations: 200, outstanding: 200 },
    );
    const evaluator: Evaluator<number> = {
      concurrency: 4,
      evaluate: async ({ genotype }) => {
        seen.push(genotype);
        await new Promise(setImmediate);
        return { score: genotype };
      },
    };
    const report = await runSearch(search, evaluator, quiet);
    expect(seen.sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(report.history).toHaveLength(200);
    expect(report.evaluated).toBe(6);
    for (const { score, genotype } of report.history) expect(score).toBe(genotype);
  });

  it("trains one candidate again at another fidelity", async () => {
    function* steps(): Steps<number> {
      for (const fidelity of [1, 2, 1, 2]) yield [{ genotype: 0, fidelity }];
    }
    const seen: (number | undefined)[] = [];
    const search = searchBySteps("both", steps(), String, { evaluations: 4 });
    await runSearch(search, ({ fidelity }) => seen.push(fidelity), { ...quiet, journal: file });
    expect(seen).toEqual([1, 2]);
  });

  it("keeps as many at work as the evaluator can, whatever finishes first", async () => {
    const byHand = new ByHand(3);
    const running = runSearch(count(8, 8), byHand, quiet);
    const order: number[] = [];
    for (let told = 0; told < 8; told++) {
      await byHand.busy(Math.min(3, 8 - told));
      expect(byHand.open.size).toBe(Math.min(3, 8 - told));
      const [id, settle] = [...byHand.open].at(-1)!;
      order.push(id);
      settle({ score: id === 2 ? 5 : -id });
    }
    const { best, history } = await running;
    expect(order).not.toEqual(history.map(({ id }) => id));
    expect(best!.id).toBe(2);
  });

  it("takes failures, exceptions and scores that are no numbers as failures of that candidate alone", async () => {
    const fail = (id: number) => {
      if (id === 1) throw new TypeError("too deep\nfor this image");
      if (id === 3) return { failure: "too large" };
      return id === 5 ? NaN : 1;
    };
    const report = await runSearch(count(7), ({ id }) => fail(id), quiet);
    expect(report.history.map(({ failure }) => failure)).toEqual([
      undefined,
      "too deep",
      undefined,
      "too large",
      undefined,
      "the score is NaN",
      undefined,
    ]);
    expect(report.failed).toBe(3);
    expect(report.stopped).toBe("finished");
  });

  it("ends with the evaluator's own error where nothing can be evaluated, and stops the others", async () => {
    const byHand = new ByHand(2);
    const broken = new Error("the data set is missing");
    const evaluator: Evaluator<number> = {
      concurrency: 3,
      evaluate: (candidate, signal) =>
        candidate.id === 2 ? byHand.busy(2).then(() => Promise.reject(broken)) : byHand.evaluate(candidate, signal),
    };
    await expect(runSearch(count(9, 9), evaluator, quiet)).rejects.toBe(broken);
    expect(byHand.signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  it("stops at a signal: what is underway is dropped, and the rest is reported", async () => {
    const byHand = new ByHand(2);
    const stop = new AbortController();
    const running = runSearch(count(9, 2), byHand, { ...quiet, signal: stop.signal, journal: file });
    await byHand.busy(2);
    byHand.open.get(0)!({ score: 1 });
    await byHand.busy(2);
    stop.abort();
    const report = await running;
    expect(report.stopped).toBe("interrupt");
    expect(report.history.map(({ id }) => id)).toEqual([0]);
    expect(byHand.signals.every(({ aborted }) => aborted)).toBe(true);
    const journal = Journal.open(file);
    expect(journal.size).toBe(1);
    await journal.close();
  });

  it("evaluates nothing where it was stopped before", async () => {
    const report = await runSearch(climb(9), hill, { ...quiet, signal: AbortSignal.abort() });
    expect([report.stopped, report.history.length]).toEqual(["interrupt", 0]);
  });

  it.each([1, 4])("goes on after Stop to the same end, wherever it came, %i at a time", async (outstanding) => {
    const expected = (await runSearch(climb(30, outstanding), hill, quiet)).history;
    for (let stopAt = 0; stopAt < 30; stopAt += 7) {
      rmSync(file, { force: true });
      const stop = new AbortController();
      const journal = { ...quiet, journal: file, concurrency: outstanding };
      const onResult = (_: unknown, search: Search<number>) => {
        if (search.history.length >= stopAt) stop.abort();
      };
      await runSearch(climb(30, outstanding), hill, { ...journal, onResult, signal: stop.signal });
      const { history } = await runSearch(climb(30, outstanding), hill, journal);
      expect(history).toEqual(expected);
    }
  });

  it("lets another search use what is known", async () => {
    await runSearch(climb(30), hill, { ...quiet, journal: file });
    const { evaluated } = await runSearch(climb(30, 2), hill, { ...quiet, journal: file });
    expect(evaluated).toBeLessThan(30);
  });

  it("shows how far it is and the best score", async () => {
    const lines: string[] = [];
    await runSearch(climb(30), hill, {
      progress: ({ label, done, detail }) => lines.push(`${label} ${done} ${detail}`),
    });
    expect(lines.at(-1)).toMatch(/^search 30 best -0\.09$/);
  });

  it("awaits the callback after each result", async () => {
    const done: number[] = [];
    const onResult = async ({ id }: { id: number }) => {
      await new Promise(setImmediate);
      done.push(id);
    };
    await runSearch(count(5), hill, { ...quiet, onResult });
    expect(done).toEqual([0, 1, 2, 3, 4]);
  });

  it("refuses a search that neither asks nor ends", async () => {
    const stuck = { canAsk: false, finished: false, history: [], best: () => undefined } as unknown as Search<number>;
    await expect(runSearch(stuck, hill, quiet)).rejects.toThrow("the search neither asks nor ends");
  });
});

describe("a search whose process is killed", () => {
  const library = JSON.stringify(join(__dirname, "../../../lib/dist/nas"));
  /** The climb above. Says which candidate it begins to evaluate, has its score when it hears its number, says it is told. */
  const program = `
    const { searchBySteps } = require(${library} + "/search.js");
    const { runSearch } = require(${library} + "/run-search.js");
    const { generator } = require(${library} + "/../random.js");
    const rng = generator(1);
    function* steps() {
      let best = { genotype: 50, score: -Infinity };
      while (true) {
        const genotype = best.genotype + rng.integer(-9, 10);
        for (const told of yield [{ genotype }]) if (told.score > best.score) best = told;
      }
    }
    const search = searchBySteps("climb", steps(), String, { evaluations: 60, outstanding: 4 });
    const lines = require("node:readline").createInterface({ input: process.stdin });
    const waiting = new Map();
    lines.on("line", (line) => waiting.get(Number(line))());
    const evaluate = async ({ genotype }) => {
      process.stdout.write(genotype + "\\n");
      await new Promise((resolve) => waiting.set(genotype, resolve));
      return { score: -((genotype - 17.3) ** 2) };
    };
    const onResult = ({ genotype, known }) => known || process.stdout.write("told " + genotype + "\\n");
    const options = { journal: process.argv[1], progress: false, onResult };
    runSearch(search, { concurrency: 4, evaluate }, options).then(({ history }) => {
      process.stdout.write(JSON.stringify(history) + "\\n");
      lines.close();
    });`;

  /** Runs it, letting candidates finish in any order, one after the other, and kills it at a line of its output. */
  async function run(
    killAt: number,
    rng: RandomGenerator,
  ): Promise<{ killed: boolean; begun: number[]; end?: unknown }> {
    const child = spawn(process.execPath, ["-e", program, file], { stdio: ["pipe", "pipe", "inherit"] });
    child.stdin.on("error", () => {}); // it may be dead when it is told
    const begun: number[] = [];
    const open: number[] = [];
    let [lines, finishing] = [0, false];
    let end: unknown;
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith("[")) return void (end = JSON.parse(line));
      if (line.startsWith("told")) finishing = false;
      else open.push(begun[begun.push(Number(line)) - 1]);
      if (++lines === killAt) child.kill("SIGKILL");
      if (finishing || open.length === 0) return;
      finishing = true;
      child.stdin.write(`${open.splice(rng.integer(0, open.length), 1)[0]}\n`);
    });
    const signal = await new Promise<string | null>((resolve) => child.on("close", (_, by) => resolve(by)));
    return { killed: signal === "SIGKILL", begun, end };
  }

  it("goes on to the same end as one that is left alone, and evaluates again only what was underway", async () => {
    const expected = (await runSearch(climb(60, 4), hill, quiet)).history;
    const rng = generator("kill");
    const begun: number[] = [];
    let kills = 0;
    let end: unknown;
    while (end === undefined) {
      const part = await run(rng.integer(3, 20), rng);
      begun.push(...part.begun);
      if (part.killed) kills++;
      end = part.end;
    }
    expect(kills).toBeGreaterThanOrEqual(2);
    expect(end).toEqual(JSON.parse(JSON.stringify(expected)));
    const distinct = new Set(expected.map(({ genotype }) => genotype));
    expect(new Set(begun)).toEqual(distinct);
    expect(begun.length - distinct.size).toBeLessThanOrEqual(4 * kills);
  }, 120_000);
});
