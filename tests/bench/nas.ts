/**
 * What a search costs besides training: `node tests/bench/dist/nas.js [memory|overhead|pool]` after `tsc --build tests/bench`.
 *
 * memory    500 candidates in one process: tensors and resident memory
 * overhead  ask, journal and tell, without a training
 * pool      the same candidates by one worker and by two: processes, and threads of one process
 */
import { rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { memory, nas, tf } from "nablab";
import { evaluator } from "./nas-evaluator";

const evaluatorModule = join(__dirname, "nas-evaluator.js");
const never = new AbortController().signal;

/** Candidates of about one size, so that two workers end together. */
function candidates(count: number): nas.Search<nas.SmallCnn> {
  const space = nas.smallCnnSpace;
  return nas.randomSearch(space, { evaluations: count, outstanding: count, seed: 3 });
}

async function memoryOf500(): Promise<void> {
  const trainer = evaluator({ examples: 80 });
  const search = candidates(500);
  let warm: ReturnType<typeof memory> | undefined;
  for (let i = 0; i < 500; i++) {
    const outcome = await trainer.evaluate(search.ask(), never);
    if ("failure" in outcome) throw new Error(outcome.failure);
    if (i === 24) warm = memory();
    if (i % 25 !== 24) continue;
    const { tensors, process: bytes } = memory();
    console.log(`${i + 1} candidates: ${tensors} tensors, ${(bytes / 1e6).toFixed(0)} MB`);
  }
  const grown = (memory().process - warm!.process) / 1e6;
  console.log(`from candidate 25 to 500: ${memory().tensors - warm!.tensors} tensors, ${grown.toFixed(0)} MB more`);
}

async function overhead(): Promise<void> {
  const file = join(tmpdir(), `nablab-nas-${process.pid}.jsonl`);
  const searches = {
    random: nas.randomSearch(nas.smallCnnSpace, { evaluations: 2000 }),
    genetic: nas.geneticSearch(nas.smallCnnSpace, { evaluations: 2000 }),
    evolution: nas.regularizedEvolution(nas.smallCnnSpace, { evaluations: 2000 }),
  };
  for (const [name, search] of Object.entries(searches)) {
    for (const journal of [undefined, file]) {
      const began = performance.now();
      const { history } = await nas.runSearch(search, ({ id }) => Math.sin(id), { progress: false, journal });
      if (journal === undefined && history.length !== 2000) throw new Error(`${history.length} candidates`);
      const each = (performance.now() - began) / 2000;
      if (journal === undefined) console.log(`${name}: ${each.toFixed(3)} ms for ask, evaluate and tell`);
    }
    rmSync(file, { force: true });
  }
  // All candidates differ here, so that each is a line of the journal.
  let next = 0;
  const space = { sample: () => next++, key: String };
  const began = performance.now();
  await nas.runSearch(nas.randomSearch(space, { evaluations: 2000 }), () => 1, { progress: false, journal: file });
  console.log(`with a journal: ${((performance.now() - began) / 2000).toFixed(3)} ms`);
  rmSync(file);
}

/** Seconds that a pool takes for so many candidates, without its start. */
async function byProcesses(workers: number, threads: number, count: number): Promise<number> {
  const pool = await nas.evaluatorPool<nas.SmallCnn>({
    module: evaluatorModule,
    options: { examples: 400 },
    workers,
    threads,
  });
  const warm = candidates(workers);
  await Promise.all(Array.from({ length: workers }, () => pool.evaluate(warm.ask(), never)));
  const began = performance.now();
  await nas.runSearch(candidates(count), pool, { progress: false });
  const seconds = (performance.now() - began) / 1000;
  await pool.close();
  return seconds;
}

/** The same with worker threads, which share one set of TensorFlow's threads. */
async function byThreads(workers: number, count: number): Promise<number> {
  const program = `
    const { parentPort } = require("node:worker_threads");
    const trainer = require(${JSON.stringify(evaluatorModule)}).evaluator({ examples: 400 });
    parentPort.on("message", async (candidate) => {
      parentPort.postMessage(await trainer.evaluate(candidate, new AbortController().signal));
    });`;
  const free = Array.from({ length: workers }, () => new Worker(program, { eval: true }));
  const all = [...free];
  const pool: nas.Evaluator<nas.SmallCnn> = {
    concurrency: workers,
    async evaluate(candidate) {
      const worker = free.pop()!;
      worker.postMessage(candidate);
      const outcome = await new Promise<nas.Outcome>((resolve, reject) =>
        worker.once("message", resolve).once("error", reject),
      );
      free.push(worker);
      return outcome;
    },
  };
  const warm = candidates(workers);
  await Promise.all(all.map(() => pool.evaluate(warm.ask(), never)));
  const began = performance.now();
  await nas.runSearch(candidates(count), pool, { progress: false });
  const seconds = (performance.now() - began) / 1000;
  await Promise.all(all.map((worker) => worker.terminate()));
  return seconds;
}

async function pools(): Promise<void> {
  const cores = availableParallelism();
  const count = 8;
  const row = (name: string, seconds: number, of: number) =>
    console.log(`${name}: ${seconds.toFixed(1)} s, ${(of / seconds).toFixed(2)} times one process`);
  for (let round = 0; round < 2; round++) {
    const one = await byProcesses(1, cores, count);
    row(`one process, ${cores} threads`, one, one);
    row("one process, 1 thread", await byProcesses(1, 1, count), one);
    row("two processes, 1 thread each", await byProcesses(2, 1, count), one);
    row(`two processes, ${cores} threads each`, await byProcesses(2, cores, count), one);
    row("one worker thread", await byThreads(1, count), one);
    row("two worker threads", await byThreads(2, count), one);
  }
}

const [what = "overhead"] = process.argv.slice(2);
const parts: Record<string, () => Promise<void>> = { memory: memoryOf500, overhead, pool: pools };
if (!(what in parts)) throw new Error(`nas.js knows ${Object.keys(parts).join(", ")}, got ${what}`);
void parts[what]().then(() => tf.disposeVariables());
