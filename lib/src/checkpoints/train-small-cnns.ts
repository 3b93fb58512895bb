/**
 * Trains all networks of `smallCnnSpace` on CIFAR-10 by `SMALL_CNN_RECIPE` with seeds 1, 2, …: the runs behind
 * `smallCnnTable()`. A seed is a journal in `lib/checkpoints/small-cnns/`, so a run that is stopped or killed goes on.
 *
 * Run: npm run build && node lib/dist/checkpoints/train-small-cnns.js 3 2        (seeds, processes)
 */
import { cpus } from "node:os";
import { cifar10 } from "../data";
import {
  evaluatorPool,
  exhaustiveSearch,
  runSearch,
  smallCnnJournal,
  smallCnnSpace,
  smallCnnTrainer,
  SMALL_CNN_RECIPE,
  type Evaluator,
  type SmallCnn,
} from "../nas";

/** What the processes of the pool load. */
export async function evaluator({ seed }: { seed: number }): Promise<Evaluator<SmallCnn>> {
  const { train, validation } = SMALL_CNN_RECIPE;
  const cifar = await cifar10({ limit: train + validation, progress: false });
  const trainer = smallCnnTrainer(cifar.train, { seed });
  cifar.dispose();
  return trainer;
}

async function train(seed: number, workers: number): Promise<void> {
  const total = smallCnnSpace.count();
  const search = exhaustiveSearch(smallCnnSpace, { seed, outstanding: workers });
  const pool = await evaluatorPool<SmallCnn>({ module: __filename, options: { seed }, workers, threads: 1 });
  const began = Date.now();
  try {
    const report = await runSearch(search, pool, {
      journal: smallCnnJournal(seed),
      progress: false,
      onResult: ({ key, known, outcome }, { history }) => {
        const result = "score" in outcome ? `${(100 * outcome.score).toFixed(2)} %` : outcome.failure;
        if (!known) console.log(`seed ${seed}, ${history.length} of ${total}: ${key} ${result}`);
      },
    });
    const minutes = ((Date.now() - began) / 60_000).toFixed(1);
    console.log(`seed ${seed}: ${report.evaluated} trained in ${minutes} min on ${cpus().length} × ${cpus()[0].model}`);
  } finally {
    await pool.close();
  }
}

if (require.main === module) {
  const [seeds = 3, workers = cpus().length] = process.argv.slice(2).map(Number);
  void (async () => {
    for (let seed = 1; seed <= seeds; seed++) await train(seed, workers);
  })();
}
