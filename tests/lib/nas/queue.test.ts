import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Evaluator, Outcome } from "../../../lib/src/nas/outcome";
import { EvaluatorQueueOptions, evaluatorQueue } from "../../../lib/src/nas/queue";
import { runSearch } from "../../../lib/src/nas/run-search";
import { Candidate, Search, searchBySteps, Steps } from "../../../lib/src/nas/search";
import { serveQueue, ServeQueueOptions } from "../../../lib/src/nas/queue-worker";
import { generator } from "../../../lib/src/random";
import { redisPath, RedisServer } from "./redis";

let redis: RedisServer;
/** A queue of its own for every test. */
let name: string;
let tests = 0;
const ends: (() => Promise<unknown>)[] = [];

beforeAll(async () => void (redis = await RedisServer.start()));
afterAll(() => redis.close());
beforeEach(() => void (name = `test-${++tests}`));
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const hill = ({ genotype }: { genotype: number }) => -((genotype - 17.3) ** 2);
const never = new AbortController().signal;

function list(count: number): Search<number> {
  function* steps(): Steps<number> {
    yield Array.from({ length: count }, (_, genotype) => ({ genotype }));
  }
  return searchBySteps("list", steps(), String, { evaluations: count });
}

async function queue(options: Partial<EvaluatorQueueOptions> = {}): Promise<Evaluator<number>> {
  const evaluator = await evaluatorQueue<number>({ redis: redis.url, name, ...options });
  ends.push(async () => evaluator.close?.());
  return evaluator;
}

/** A worker in this process. */
async function worker(
  evaluate: (candidate: Candidate<number>, signal: AbortSignal) => Promise<Outcome>,
  options: Partial<ServeQueueOptions & Pick<Evaluator<number>, "concurrency" | "setup">> = {},
): Promise<() => Promise<void>> {
  const { concurrency = 1, setup, ...rest } = options;
  const stop = new AbortController();
  let ready!: () => void;
  const isReady = new Promise<void>((resolve) => (ready = resolve));
  const serving = serveQueue<number>(
    { concurrency, setup, evaluate },
    { redis: redis.url, name, signal: stop.signal, onReady: ready, ...rest },
  );
  const end = () => (stop.abort(new Error("worker stopped")), serving);
  ends.push(() => end().catch(() => undefined));
  await Promise.race([isReady, serving]);
  return end;
}

describe("a queue on Redis", () => {
  it("has candidates evaluated by the workers that have joined", async () => {
    const by = new Map<string, number>();
    let both!: () => void;
    const bothWork = new Promise<void>((resolve) => (both = resolve));
    const worked = (who: string) => async (candidate: Candidate<number>) => {
      by.set(who, (by.get(who) ?? 0) + 1);
      if (by.size === 2) both();
      await bothWork;
      return { score: hill(candidate), details: { who } };
    };
    await worker(worked("a"), { setup: { data: "hill" } });
    const evaluator = await queue();
    expect(evaluator.setup).toEqual({ data: "hill" });
    await worker(worked("b"), { setup: { data: "hill" } });
    const { history } = await runSearch(list(40), evaluator, { progress: false });
    expect(history.map(({ score }) => score)).toEqual(history.map(hill));
    expect([...by.values()].reduce((a, b) => a + b)).toBe(40);
    expect([...by.keys()].sort()).toEqual(["a", "b"]);
  });

  it("waits for a first worker", async () => {
    const early = queue();
    await worker(async () => ({ score: 3 }));
    expect(await (await early).evaluate({ id: 0, genotype: 1, key: "1" }, never)).toEqual({ score: 3 });
  });

  it("carries failures and fidelities", async () => {
    await worker(async ({ genotype, fidelity }) =>
      genotype === 1 ? { failure: "too large", details: { parameters: 9 } } : { score: fidelity ?? 0 },
    );
    const evaluator = await queue();
    const ask = (genotype: number, fidelity?: number) =>
      evaluator.evaluate({ id: 0, genotype, key: String(genotype), fidelity }, never);
    expect(await ask(1)).toEqual({ failure: "too large", details: { parameters: 9 } });
    expect(await Promise.all([ask(2), ask(2, 3), ask(2, 4)])).toEqual([{ score: 0 }, { score: 3 }, { score: 4 }]);
  });

  it("evaluates equal candidates of several searches once, and keeps results for those that come later", async () => {
    const seen: number[] = [];
    await worker(async ({ genotype }) => (seen.push(genotype), { score: genotype }));
    const both = [await queue(), await queue()];
    await Promise.all(both.map((evaluator) => runSearch(list(10), evaluator, { progress: false })));
    await runSearch(list(12), await queue(), { progress: false });
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i));
  });

  it("does not mix what depends on other things", async () => {
    await worker(async () => ({ score: 1 }), { setup: { epochs: 5 } });
    await expect(worker(async () => ({ score: 2 }), { setup: { epochs: 6 } })).rejects.toThrow(
      `serveQueue() is at work on {"epochs":6}, and the workers of queue ${name} on {"epochs":5}.`,
    );
  });

  it("gives back what is underway when a worker is stopped", async () => {
    const begun = new Set<number>();
    let heard!: () => void;
    const busy = new Promise<void>((resolve) => (heard = resolve));
    const stop = await worker(
      ({ genotype }, signal) =>
        new Promise((_, reject) => {
          begun.add(genotype);
          if (begun.size === 2) heard();
          signal.addEventListener("abort", () => reject(signal.reason as Error));
        }),
      { concurrency: 2 },
    );
    const running = runSearch(list(4), await queue(), { progress: false });
    await busy;
    await stop();
    await worker(async ({ genotype }) => ({ score: genotype }));
    expect((await running).history.map(({ score }) => score)).toEqual([0, 1, 2, 3]);
  });

  it("ends the search where a worker cannot evaluate anything", async () => {
    await worker(() => Promise.reject(new Error("the data set is gone")));
    await expect(runSearch(list(1), await queue(), { progress: false })).rejects.toThrow(
      "a worker cannot evaluate: the data set is gone",
    );
  });

  it("stops with the search, also while Redis is away, and goes on with what is done", async () => {
    let release!: () => void;
    const hold = new Promise<void>((resolve) => (release = resolve));
    const seen: number[] = [];
    let all!: () => void;
    const begun = new Promise<void>((resolve) => (all = resolve));
    await worker(
      async ({ genotype }) => {
        if (seen.push(genotype) === 3) all();
        await hold;
        return { score: genotype };
      },
      { concurrency: 3 },
    );
    const stop = new AbortController();
    const running = runSearch(list(3), await queue(), { progress: false, signal: stop.signal });
    await begun;
    await redis.kill();
    stop.abort();
    expect((await running).stopped).toBe("interrupt");
    await redis.start();
    release();
    const { history } = await runSearch(list(3), await queue(), { progress: false });
    expect(history.map(({ score }) => score)).toEqual([0, 1, 2]);
    expect(seen).toHaveLength(3);
  });

  it("says so where nobody answers, and how to get Redis", async () => {
    const nowhere = { redis: "redis://127.0.0.1:1" };
    await expect(queue(nowhere)).rejects.toThrow(
      /^evaluatorQueue\(\) does not reach Redis at redis:\/\/127\.0\.0\.1:1: .*ECONNREFUSED.* Remedy: start it/,
    );
    await expect(worker(async () => ({ score: 1 }), nowhere)).rejects.toThrow("serveQueue() does not reach Redis");
    await expect(queue({ name: "a:b" })).rejects.toThrow('wants name to be letters, digits, - and _, got "a:b"');
    expect(() => redisPath({ REDIS_SERVER_PATH: "/nowhere" })).toThrow("apt-get install redis-server");
  });
});

/** Milliseconds: many processes start, and a lost worker is missed only after seconds. */
const SLOW = 180_000;

describe("a search over workers that are killed at random", () => {
  const library = JSON.stringify(join(__dirname, "../../../lib/dist/nas"));

  /** Says which candidate it begins, and is done with it when it hears so. */
  const program = `
    const { serveQueue } = require(${library} + "/queue-worker.js");
    const waiting = new Map();
    require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => waiting.get(line)?.());
    const evaluate = async ({ genotype }) => {
      process.stdout.write(genotype + "\\n");
      await new Promise((resolve) => waiting.set(String(genotype), resolve));
      return { score: -((genotype - 17.3) ** 2) };
    };
    const [redis, name] = process.argv.slice(1);
    const signal = new AbortController().signal;
    serveQueue({ concurrency: 2, evaluate }, { redis, name, signal, lostAfter: 2, losses: 20 });`;

  class Fleet {
    readonly begun: number[] = [];
    readonly alive = new Set<ChildProcess>();
    kills = 0;
    private readonly rng = generator("fleet");

    constructor(
      private readonly size: number,
      /** Whether to kill at this beginning of a candidate. */
      private readonly killAt: (begun: number) => boolean,
    ) {}

    start(): void {
      while (this.alive.size < this.size) this.add();
    }

    private add(): void {
      const child = spawn(process.execPath, ["-e", program, redis.url, name], { stdio: ["pipe", "pipe", "inherit"] });
      this.alive.add(child);
      child.stdin.on("error", () => {}); // it may be dead when it is told
      createInterface({ input: child.stdout }).on("line", (line) => {
        if (this.killAt(this.begun.push(Number(line)))) this.kill();
        child.stdin.write(`${line}\n`);
      });
    }

    /** Any of them, busy or not, and a new one joins. */
    private kill(): void {
      const child = [...this.alive][this.rng.integer(0, this.alive.size)];
      child.kill("SIGKILL");
      this.alive.delete(child);
      this.kills++;
      this.add();
    }

    async end(): Promise<void> {
      const ended = [...this.alive].map((child) => new Promise((resolve) => child.once("close", resolve)));
      for (const child of this.alive) child.kill("SIGKILL");
      await Promise.all(ended);
    }
  }

  it(
    "has one result of each candidate, and repeats only what died with its worker",
    async () => {
      const rng = generator("kills");
      const moments = [rng.integer(1, 6), rng.integer(6, 12), rng.integer(12, 18)];
      const fleet = new Fleet(3, (begun) => moments.includes(begun));
      ends.push(() => fleet.end());
      fleet.start();
      const { history, stopped, failed } = await runSearch(list(20), await queue({ concurrency: 8 }), {
        progress: false,
      });
      expect([stopped, failed]).toEqual(["finished", 0]);
      expect(history.map(({ score }) => score)).toEqual(history.map(hill));
      expect(fleet.kills).toBe(3);
      expect(new Set(fleet.begun).size).toBe(20);
      expect(fleet.begun.length - 20).toBeLessThanOrEqual(2 * fleet.kills);
    },
    SLOW,
  );

  it(
    "loses nothing when Redis is killed and starts anew, with workers dying before and after",
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "nablab-"));
      ends.push(async () => rmSync(folder, { recursive: true }));
      const fleet = new Fleet(2, (begun) => [4, 15].includes(begun));
      ends.push(() => fleet.end());
      fleet.start();
      let told = 0;
      const { history, failed } = await runSearch(list(24), await queue({ concurrency: 6 }), {
        progress: false,
        journal: join(folder, "search.jsonl"),
        onResult: async () => {
          told++;
          if (told !== 8 && told !== 16) return;
          await redis.kill();
          await redis.start();
        },
      });
      expect(failed).toBe(0);
      expect(history.map(({ score }) => score)).toEqual(history.map(hill));
      expect(fleet.kills).toBe(2);
    },
    SLOW,
  );

  it(
    "calls it the candidate's failure where one worker after the other is lost with it",
    async () => {
      const deadly = program

        .replace("losses: 20", "losses: 2")
        .replace("concurrency: 2", "concurrency: 1")
        .replace("lostAfter: 2", "lostAfter: 1")
        .replace("await new", "if (genotype === 1) process.kill(process.pid, 'SIGKILL'); await new");
      let begun = 0;
      const children: ChildProcess[] = [];
      let over = false;
      const add = () => {
        const child = spawn(process.execPath, ["-e", deadly, redis.url, name], { stdio: ["pipe", "pipe", "inherit"] });
        children.push(child);
        child.stdin.on("error", () => {});
        createInterface({ input: child.stdout }).on("line", (line) => {
          if (line === "1") begun++;
          child.stdin.write(`${line}\n`);
        });
        child.once("exit", () => over || add());
      };
      ends.push(async () => {
        over = true;
        for (const child of children) child.kill("SIGKILL");
      });
      add();
      const { history } = await runSearch(list(3), await queue(), { progress: false });
      expect(history.map(({ failure }) => failure)).toEqual([
        undefined,
        "its worker was lost again and again",
        undefined,
      ]);
      expect(begun).toBe(3);
    },
    SLOW,
  );
});
