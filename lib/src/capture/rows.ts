import { tf } from "../tensorflow";
import { describe, Leaves, rebuild, Structure } from "./structure";

/** Arguments of many steps: tensors with the steps along their first axis, and numbers that hold for all. */
export class Rows {
  /** Number of steps. */
  readonly count: number;
  private readonly leaves: Leaves = { tensors: [], numbers: [] };
  private readonly structure: Structure;

  /** @throws RangeError where there is no tensor, or two disagree on the number of steps */
  constructor(stacked: unknown[]) {
    this.structure = describe(stacked, this.leaves);
    const counts = [...new Set(this.leaves.tensors.map(({ shape }) => shape[0]))];
    if (counts.length !== 1 || counts[0] === undefined) {
      const got = this.leaves.tensors.map(({ shape }) => `[${shape.join(",")}]`).join(", ") || "none";
      throw new RangeError(`scan() needs tensors whose first axis is the same number of steps, got ${got}`);
    }
    this.count = counts[0];
  }

  /** The arguments of step `i`. The caller disposes of them. */
  at(i: number): unknown {
    const tensors = this.leaves.tensors.map((stack) => tf.tidy(() => tf.squeeze(tf.slice(stack, [i], [1]), [0])));
    return rebuild(this.structure, { tensors, numbers: this.leaves.numbers });
  }

  /**
   * Stacks results.
   * @param done results of the first `from` steps, disposed of here
   * @param scan runs the others
   */
  finish(done: unknown[], from: number, scan?: (rest: Leaves, count: number) => unknown): unknown {
    const results: Leaves[] = [];
    let structure: Structure | undefined;
    const take = (value: unknown): Leaves => {
      const leaves: Leaves = { tensors: [], numbers: [] };
      structure = describe(value, leaves);
      results.push(leaves);
      return leaves;
    };
    try {
      done.forEach(take);
      if (scan !== undefined) {
        const { tensors, numbers } = this.leaves;
        const rest = from === 0 ? tensors : tensors.map((stack) => tf.slice(stack, [from]));
        try {
          const value = scan({ tensors: rest, numbers }, this.count - from);
          if (from === 0) return value;
          take(value);
        } finally {
          if (from > 0) tf.dispose(rest);
        }
      }
      const stacks = results[0].tensors.map((_, k) =>
        tf.tidy(() => {
          const rows = done.map((__, i) => tf.expandDims(results[i].tensors[k], 0));
          return tf.concat(scan === undefined ? rows : [...rows, results[done.length].tensors[k]]);
        }),
      );
      return rebuild(structure!, { tensors: stacks, numbers: [] });
    } finally {
      if (from > 0) results.forEach(({ tensors }) => tf.dispose(tensors));
    }
  }
}
