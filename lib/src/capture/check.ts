/** Compares a replay with the plain function on the same values, and leaves the replay's results behind. */
import { tf } from "../tensorflow";
import { Difference } from "./options";
import { AnyFunction } from "./trace";
import { Snapshot } from "./variables";

/** Largest differences seen so far, by output and variable. */
export class Check {
  private readonly largest = new Map<string, number>();
  private left = CHECKED_CALLS;

  /** Whether the next replay is to be checked. */
  get due(): boolean {
    return this.left > 0;
  }

  /**
   * Runs the plain function, puts everything back, then runs the replay.
   * @param variables those that the replay assigns
   * @param optimizers whose counters the plain run must not move
   */
  run(
    step: AnyFunction,
    values: unknown[],
    { variables, optimizers }: { variables: tf.Variable[]; optimizers: tf.Optimizer[] },
    replay: () => unknown,
  ): unknown {
    this.left--;
    const counts = optimizers.map((optimizer) => optimizer.iterations);
    const before = new Snapshot();
    let plain: tf.Tensor[] = [];
    let after: tf.Tensor[] = [];
    try {
      plain = tf.tidy(() => tensorsOf(step(...values)).map((tensor) => tensor.clone()));
      after = variables.map((variable) => variable.clone());
    } finally {
      before.restore();
      optimizers.forEach((optimizer, i) => Object.assign(optimizer, { iterations_: counts[i] }));
    }
    const value = replay();
    tensorsOf(value).forEach((tensor, i) => this.compare(`output ${i}`, tensor, plain[i]));
    variables.forEach((variable, i) => this.compare(variable.name, variable, after[i]));
    tf.dispose([plain, after]);
    return value;
  }

  /** The report, largest difference first. */
  report(): Difference[] {
    return [...this.largest]
      .map(([name, maxDifference]) => ({ name, maxDifference }))
      .sort((a, b) => b.maxDifference - a.maxDifference);
  }

  private compare(name: string, replayed: tf.Tensor, plain: tf.Tensor): void {
    const difference = tf.tidy(() => {
      const [a, b] = [replayed.cast("float32"), plain.cast("float32")];
      // NaN in both places is agreement; max() would hide every other difference behind it.
      const same = tf.logicalAnd(tf.isNaN(a), tf.isNaN(b));
      return tf.where(same, tf.zerosLike(a), a.sub(b).abs()).max().dataSync()[0];
    });
    this.largest.set(name, Math.max(this.largest.get(name) ?? 0, Number.isNaN(difference) ? Infinity : difference));
  }
}

const CHECKED_CALLS = 3;

function tensorsOf(value: unknown): tf.Tensor[] {
  if (value instanceof tf.Tensor) return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(tensorsOf);
}
