import { tf } from "../tensorflow";

/** Sums over an epoch: plain numbers, so that a checkpoint can hold them. */
export interface MeterState {
  examples: number;
  sums: Record<string, number>;
}

/** The values of one step, read back. */
export type StepValues = Record<string, number> & { loss: number };

/**
 * Means of losses and metrics over an epoch. Steps hand in scalars; they are read back many at a time, because each reading
 * waits until the device is done with everything before it.
 */
export class Meter {
  private pending: { tensors: Record<string, tf.Tensor>; size: number }[] = [];

  constructor(readonly state: MeterState = { examples: 0, sums: {} }) {}

  /** Steps handed in and not read yet. */
  get waiting(): number {
    return this.pending.length;
  }

  /** Takes a step's scalars, and frees them after reading. */
  add(tensors: Record<string, tf.Tensor>, size: number): void {
    this.pending.push({ tensors, size });
  }

  /** Reads what waits. @returns the values of each step since the last reading */
  async read(): Promise<StepValues[]> {
    const { pending } = this;
    if (pending.length === 0) return [];
    this.pending = [];
    const names = Object.keys(pending[0].tensors);
    const flat = tf.tidy(() => {
      const scalars = pending.flatMap(({ tensors }) => names.map((name) => tensors[name].toFloat()));
      return tf.stack(scalars);
    });
    for (const { tensors } of pending) tf.dispose(tensors);
    const values = await flat.data().finally(() => flat.dispose());
    return pending.map(({ size }, step) => {
      const row = Object.fromEntries(names.map((name, i) => [name, values[step * names.length + i]]));
      for (const name of names) this.state.sums[name] = (this.state.sums[name] ?? 0) + row[name] * size;
      this.state.examples += size;
      return row as StepValues;
    });
  }

  /** The means so far, each example counting once, whatever the size of its batch. */
  means(): StepValues {
    const { sums, examples } = this.state;
    return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / examples])) as StepValues;
  }

  /** Frees what was never read. */
  dispose(): void {
    for (const { tensors } of this.pending) tf.dispose(tensors);
    this.pending = [];
  }
}
