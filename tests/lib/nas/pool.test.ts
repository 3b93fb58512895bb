import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
// The built library: the processes of a pool are JavaScript programs beside it.
import { EvaluatorPoolOptions, evaluatorPool } from "../../../lib/dist/nas/pool";
import { Evaluator } from "../../../lib/src/nas/outcome";
import { runSearch } from "../../../lib/src/nas/run-search";
import { Search, searchBySteps, Steps } from "../../../lib/src/nas/search";

let folder: string;
let module: string;
const open: Evaluator<string>[] = [];

/** Candidates say what their evaluation does to its process. */
const MODULE = `
  const { appendFileSync } = require("node:fs");
  exports.evaluator = async ({ log, offset = 0 } = {}) => ({
    concurrency: 1,
    setup: { offset },
    async evaluate({ genotype, fidelity = 0 }) {
      if (log) appendFileSync(log, process.pid + " " + genotype + "\\n");
      if (genotype === "segfault") process.kill(process.pid, "SIGSEGV");
      if (genotype === "abort") process.kill(process.pid, "SIGABRT");
      if (genotype === "exit") process.exit(7);
      if (genotype === "ctrl+c") process.kill(process.pid, "SIGINT");
      if (genotype === "spin") while (true);
      if (genotype === "hang") await new Promise(() => {});
      if (genotype === "nothing") throw new Error("the data set is gone");
      if (genotype === "NaN") return { score: NaN };
      if (genotype === "threads") return { score: Number(process.env.TF_NUM_INTRAOP_THREADS) };
      return { score: genotype.length + fidelity + offset, details: { pid: process.pid } };
    },
  });`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nablab pool ß "));
  module = join(folder, "evaluator.js");
  writeFileSync(module, MODULE);
});
afterEach(async () => {
  for (const pool of open.splice(0)) await pool.close?.();
  rmSync(folder, { recursive: true });
});

async function start(options: Partial<EvaluatorPoolOptions> = {}) {
  const pool = await evaluatorPool<string>({ module, workers: 1, ...options });
  open.push(pool);
  return pool;
}

const never = new AbortController().signal;
const evaluate = (pool: Evaluator<string>, genotype: string, signal = never) =>
  pool.evaluate({ id: 0, genotype, key: genotype }, signal);

/** @param again whether equal candidates are evaluated each time */
function list(genotypes: string[], again = false): Search<string> {
  function* steps(): Steps<string> {
    yield genotypes.map((genotype) => ({ genotype }));
  }
  let asked = 0;
  return searchBySteps("list", steps(), (genotype) => (again ? `${asked++} ${genotype}` : genotype), {
    evaluations: genotypes.length,
  });
}

describe("evaluatorPool", () => {
  it("evaluates in as many processes as it is told, none of them this one", async () => {
    const pool = await start({ workers: 2, options: { offset: 100 } });
    expect(pool.concurrency).toBe(2);
    expect(pool.setup).toEqual({ offset: 100 });
    const words = ["a", "bb", "ccc", "dddd", "eeeee", "ffffff"];
    const pids = new Set<number>();
    const { history } = await runSearch(list(words), pool, {
      progress: false,
      onResult: ({ outcome }) => pids.add(outcome.details!.pid as number),
    });
    expect(history.map(({ score }) => score)).toEqual([101, 102, 103, 104, 105, 106]);
    expect(pids.size).toBe(2);
    expect(pids).not.toContain(process.pid);
  });

  it.each([
    ["segfault", "its process ended with SIGSEGV"],
    ["abort", "its process ended with SIGABRT"],
    ["exit", "its process ended with exit code 7"],
    ["NaN", "the score is NaN"],
  ])("takes %s as the failure of one candidate, and goes on", async (genotype, failure) => {
    const pool = await start();
    const { history, stopped } = await runSearch(list(["a", genotype, "ccc"]), pool, { progress: false });
    expect(stopped).toBe("finished");
    expect(history.map((told) => told.failure ?? told.score)).toEqual([1, failure, 3]);
  });

  it("loses none but the candidate whose process crashes, however many are underway", async () => {
    const log = join(folder, "log");
    const pool = await start({ workers: 2, options: { log } });
    const words = Array.from({ length: 20 }, (_, i) => (i % 4 === 1 ? (i % 8 === 1 ? "segfault" : "exit") : `${i}`));
    const { history } = await runSearch(list(words, true), pool, { progress: false });
    expect(history.map(({ genotype, failure }) => [genotype, failure === undefined])).toEqual(
      words.map((word) => [word, !/[a-z]/.test(word)]),
    );
    const begun = readFileSync(log, "utf8").trimEnd().split("\n");
    expect(begun).toHaveLength(20);
  });

  it("kills a process that takes too long, even one that listens to nothing", async () => {
    const pool = await start({ seconds: 0.5 });
    expect(await evaluate(pool, "spin")).toEqual({ failure: "out of time: more than 0.5 s" });
    expect(await evaluate(pool, "hang")).toEqual({ failure: "out of time: more than 0.5 s" });
  });

  it("kills what is underway when the search is stopped, and can be used again", async () => {
    const pool = await start({ workers: 2 });
    const stop = new AbortController();
    const reason = new Error("stop");
    const underway = ["hang", "spin"].map((genotype) => evaluate(pool, genotype, stop.signal));
    stop.abort(reason);
    for (const running of underway) await expect(running).rejects.toBe(reason);
    expect(await evaluate(pool, "bb")).toMatchObject({ score: 2 });
  });

  it("leaves Ctrl+C to the process that runs the search", async () => {
    expect(await evaluate(await start(), "ctrl+c")).toMatchObject({ score: 6 });
  });

  it("ends with the program that started it, also one that was killed or forgot to close it", async () => {
    const log = join(folder, "log");
    const program = (end: string) => `
      const { evaluatorPool } = require(${JSON.stringify(join(__dirname, "../../../lib/dist/nas/pool.js"))});
      const options = { module: ${JSON.stringify(module)}, workers: 2, options: { log: ${JSON.stringify(log)} } };
      void evaluatorPool(options).then(async (pool) => {
        const evaluate = (genotype) => pool.evaluate({ id: 0, genotype, key: genotype }, new AbortController().signal);
        await Promise.all([evaluate("a"), evaluate("b")]);
        ${end}
      });`;
    for (const end of ['process.kill(process.pid, "SIGKILL")', ""]) {
      const child = spawn(process.execPath, ["-e", program(end)], { stdio: ["ignore", "pipe", "inherit"] });
      // Its processes write to the same pipe, so it is closed when the last of them is gone.
      child.stdout.resume();
      await new Promise((resolve) => child.on("close", resolve));
      expect(child.signalCode).toBe(end ? "SIGKILL" : null);
    }
    expect(readFileSync(log, "utf8").trimEnd().split("\n")).toHaveLength(4);
  });

  it("shares the cores out evenly", async () => {
    const cores = availableParallelism();
    expect(await evaluate(await start({ workers: 2 }), "threads")).toEqual({
      score: Math.max(1, Math.floor(cores / 2)),
    });
    expect(await evaluate(await start({ workers: 64 }), "threads")).toEqual({ score: 1 });
    expect(await evaluate(await start({ threads: 3 }), "threads")).toEqual({ score: 3 });
  });

  it("ends the search where nothing can be evaluated", async () => {
    const pool = await start();
    await expect(runSearch(list(["a", "nothing"]), pool, { progress: false })).rejects.toThrow("the data set is gone");
  });

  it.each([
    ["a module that is missing", "", "Cannot find module"],
    ["one that exports something else", "exports.evaluate = 1", "exports no function evaluator"],
    ["an evaluator that is none", "exports.evaluator = () => 1", "evaluator() returns no evaluator"],
    ["one that throws", 'exports.evaluator = () => { throw new Error("no data") }', "no data"],
    ["one that ends its process", "process.exit(3)", "ended with exit code 3"],
  ])("does not start with %s", async (_, text, message) => {
    if (text) writeFileSync(module, text);
    else rmSync(module);
    await expect(evaluatorPool({ module, workers: 1 })).rejects.toThrow(message);
  });

  it("loads ECMAScript modules, too", async () => {
    module = join(folder, "evaluator.mjs");
    writeFileSync(module, "export const evaluator = () => ({ concurrency: 1, evaluate: async () => ({ score: 5 }) });");
    expect(await evaluate(await start(), "a")).toEqual({ score: 5 });
  });

  it("refuses options that make no sense", async () => {
    await expect(start({ workers: 0 })).rejects.toThrow(
      "evaluatorPool() wants workers to be an integer from 1 up, got 0",
    );
    await expect(start({ module: undefined })).rejects.toThrow("evaluatorPool() wants module to be the path");
    await expect(start({ worker: 2 } as never)).rejects.toThrow("did you mean workers?");
  });
});
