import { Contender, CONTENDERS, ContenderProcess, takesPart } from "./process";
import { summary } from "./summary";
import { Workload } from "./workload";

/** What a contender took for a workload. */
export interface Timing {
  contender: Contender;
  /** Milliseconds a step: the median of the rounds, the quickest and the slowest. */
  median: number;
  min: number;
  max: number;
  rounds: number;
  stepsPerRound: number;
}

export interface MeasureOptions {
  rounds: number;
  /** Seconds that a contender computes in a round, about. */
  seconds: number;
  python: string;
  contenders?: readonly string[];
  onProgress?: (text: string) => void;
}

/**
 * Times all contenders of a workload side by side: each in a process of its own, one after another within a round, so
 * that a machine whose speed drifts slows all of them alike. Compilers get their warm-up before.
 */
export async function measure(workload: Workload, options: MeasureOptions): Promise<Timing[]> {
  const { rounds, seconds, python, contenders = CONTENDERS, onProgress = () => {} } = options;
  const names = CONTENDERS.filter((name) => contenders.includes(name) && takesPart(name, workload));
  const running = names.map((name) => ({
    process: new ContenderProcess(name, workload, python),
    steps: 1,
    times: [] as number[],
  }));
  try {
    for (const one of running) {
      onProgress(`${workload.id}: warming up ${one.process.name}`);
      one.steps = await calibrate(one.process, seconds);
    }
    for (let round = 1; round <= rounds; round++) {
      onProgress(`${workload.id}: round ${round} of ${rounds}`);
      for (const one of running) one.times.push(1000 * (await one.process.run(one.steps)));
    }
    return running.map(({ process, steps, times }) => ({
      contender: process.name,
      ...summary(times),
      rounds,
      stepsPerRound: steps,
    }));
  } finally {
    for (const { process } of running) process.stop();
  }
}

/** The number of steps that take about so many seconds, once recordings and compilers have settled. */
async function calibrate(process: ContenderProcess, seconds: number): Promise<number> {
  let each = Infinity;
  // The quickest: any of the first may wait for a compiler.
  for (let i = 0; i < 4; i++) each = Math.min(each, await process.run(1));
  if (each > seconds) return 1;
  // The measurement of XLA "auto" takes some calls of its own.
  each = await process.run(16);
  each = await process.run(Math.max(1, Math.min(1000, Math.round(seconds / 2 / each))));
  return Math.max(1, Math.round(seconds / each));
}
