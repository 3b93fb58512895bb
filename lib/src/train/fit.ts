import { Examples } from "../data/examples";
import { interruptSignal, Progress, progressSink } from "../progress";
import { setRandomSeed } from "../kernels";
import { generator } from "../random";
import { tf } from "../tensorflow";
import { breather } from "./breathe";
import { DivergenceError } from "./divergence";
import { FitOptions } from "./fit-options";
import { History, HistoryRow, Stopped } from "./history";
import { Meter, StepValues } from "./meter";
import { Plan, prepare } from "./plan";
import { StepFunction } from "./step";

/** Steps between two readings of the losses at most: bounds how many scalars wait on the device. */
const READ_EVERY = 64;

/**
 * Trains a model: for every epoch, for every batch, one step of forward pass, loss, gradients and update.
 *
 * Ends when the epochs are done, when training has converged or no longer improves (where that is asked for), or when it
 * is interrupted; `history.stopped` says which. The notebook's Stop button ends it cleanly: the weights stay as the last
 * step left them, the checkpoint is written, and the history so far is returned.
 *
 * In fast mode (`NABLAB_FAST=1`) it makes at most `FAST.epochs` epochs of `FAST.steps` steps, and `history.shortened` says so.
 *
 * @param target a `tf.LayersModel`, compiled or not; or a step of one's own, `({ x, y }) => loss` or `{ loss, …metrics }`,
 *   that does all of it, also the update
 * @param data what to learn from
 * @throws TypeError, RangeError where the arguments do not fit together, before anything is changed; RangeError where the
 *   loss becomes NaN or infinite; whatever the step or a callback throws
 *
 * @example const history = await fit(model, train, { epochs: 5, batchSize: 64, validation: test });
 */
export async function fit<X extends tf.Tensor, Y extends tf.Tensor>(
  target: tf.LayersModel | StepFunction<X, Y>,
  data: Examples<X, Y>,
  options: FitOptions = {},
): Promise<History> {
  const plan = prepare(target as tf.LayersModel | StepFunction, data, options);
  try {
    return await new Training(plan, options).run();
  } finally {
    plan.dispose();
  }
}

/** One call of `fit`: the loop and where it is. */
class Training {
  private readonly history = new History();
  private readonly signals: AbortSignal[];
  private readonly breathe = breather();
  private readonly began = performance.now();
  private secondsBefore = 0;
  private epoch = 0;
  private stepInEpoch = 0;
  private meter = new Meter();
  private progress!: Progress;

  constructor(
    private readonly plan: Plan,
    private readonly options: FitOptions,
  ) {
    this.signals = [interruptSignal(), ...(options.signal ? [options.signal] : [])];
    this.history.shortened = plan.shortened;
  }

  async run(): Promise<History> {
    const { plan, history } = this;
    // Before a checkpoint is read: that puts the count of draws back into the stream which this makes.
    setRandomSeed(
      generator(plan.batches.seed)
        .split("tensorflow")
        .integer(0, 2 ** 31),
    );
    let stopped = this.resume();
    const total = plan.epochs * plan.stepsPerEpoch;
    this.progress = new Progress(
      { label: "training", unit: "steps", total, from: this.stepsDone },
      progressSink(this.options.progress),
    );
    try {
      while (!stopped && this.epoch < plan.epochs) stopped = await this.runEpoch();
      history.stopped = stopped ?? "epochs";
      // Once more, since `every` may have left out the last epochs; before the best weights come back, since a later call
      // with more epochs goes on from the last ones.
      if (plan.checkpoint) this.save();
      if (stopped !== "interrupt") plan.earlyStopping?.finish();
    } finally {
      this.meter.dispose();
    }
    this.progress.finish(this.stepsDone, this.detail());
    await this.options.onUpdate?.(history);
    return history;
  }

  /** Goes on from a checkpoint. @returns why training had ended already, where it had */
  private resume(): Stopped | undefined {
    const found = this.plan.resume ? this.plan.checkpoint?.load() : undefined;
    if (!found) return undefined;
    const { position, best } = found;
    this.epoch = position.epoch;
    this.stepInEpoch = position.stepInEpoch;
    this.secondsBefore = position.seconds;
    this.meter = new Meter(position.meter);
    this.history.rows.push(...position.rows);
    this.history.steps.push(...position.steps);
    const { earlyStopping } = this.plan;
    if (earlyStopping) {
      earlyStopping.remember(best.map((tensor) => tf.keep(tensor)));
      if (position.earlyStopping) earlyStopping.state = { ...position.earlyStopping };
    } else {
      tf.dispose(best);
    }
    return position.ended;
  }

  private async runEpoch(): Promise<Stopped | undefined> {
    const { plan, history, meter } = this;
    for (const { x, y, size } of plan.batches.epoch(this.epoch, this.stepInEpoch)) {
      if (this.stepInEpoch >= plan.stepsPerEpoch) break;
      if (this.interrupted) return this.interrupt();
      meter.add(plan.step(x, y), size);
      this.stepInEpoch++;
      if (meter.waiting >= READ_EVERY || this.progress.due) await this.read();
      await this.breathe();
    }
    await this.read();
    const row = this.row();
    const validated = await this.validate();
    if (validated === "interrupt") return this.interrupt();
    history.rows.push(Object.assign(row, validated, { seconds: this.seconds }));
    this.epoch++;
    this.stepInEpoch = 0;
    this.meter = new Meter();
    await this.options.onEpochEnd?.(row, history);
    return this.decide(row);
  }

  private async decide(row: HistoryRow): Promise<Stopped | undefined> {
    const { plan, history } = this;
    const ended = plan.earlyStopping?.after(row)
      ? "earlyStopping"
      : plan.convergence?.reached(history.rows)
        ? "converged"
        : undefined;
    if (plan.checkpoint && this.epoch % plan.checkpointEvery === 0) this.save(ended);
    return ended;
  }

  /** Reads the losses that wait, looks for NaN, and shows progress. */
  private async read(): Promise<void> {
    const values = await this.meter.read();
    values.forEach((value, i) => this.addStep(value, this.stepsDone - values.length + i + 1));
    if (!this.progress.due) return;
    this.progress.report(this.stepsDone, this.detail());
    await this.options.onUpdate?.(this.history);
  }

  private addStep(values: StepValues, step: number): void {
    if (!Number.isFinite(values.loss)) throw new DivergenceError(values.loss, step, this.epoch + 1);
    this.history.steps.push({ step, epoch: step / this.plan.stepsPerEpoch, ...values });
  }

  private async validate(): Promise<Record<string, number> | "interrupt"> {
    try {
      const values = (await this.plan.validate?.(this.signals)) ?? {};
      return Object.fromEntries(Object.entries(values).map(([name, value]) => [validationName(name), value]));
    } catch (error) {
      if (this.interrupted) return "interrupt";
      throw error;
    }
  }

  /** Ends in the middle of an epoch: what is done of it becomes the last row, and the checkpoint goes on from here. */
  private async interrupt(): Promise<Stopped> {
    await this.read();
    if (this.plan.checkpoint) this.save();
    if (this.stepInEpoch > 0) this.history.rows.push(this.row());
    return "interrupt";
  }

  private row(): HistoryRow {
    const { learningRate } = this.plan;
    return {
      epoch: this.epoch + 1,
      step: this.stepsDone,
      seconds: this.seconds,
      ...this.meter.means(),
      ...(learningRate === undefined ? {} : { learningRate }),
    };
  }

  private save(ended?: Stopped): void {
    const { plan, history } = this;
    if (history.stopped === "interrupt") return; // written where it stopped, before the unfinished row was added
    const over = ended ?? history.stopped;
    plan.checkpoint!.save(
      {
        epoch: this.epoch,
        stepInEpoch: this.stepInEpoch,
        seconds: this.seconds,
        meter: this.meter.state,
        rows: history.rows,
        steps: history.steps,
        earlyStopping: plan.earlyStopping?.state,
        ended: over === "converged" || over === "earlyStopping" ? over : undefined,
      },
      plan.earlyStopping?.best ?? [],
    );
  }

  private get interrupted(): boolean {
    return this.signals.some((signal) => signal.aborted);
  }

  private get stepsDone(): number {
    return this.epoch * this.plan.stepsPerEpoch + this.stepInEpoch;
  }

  private get seconds(): number {
    return this.secondsBefore + (performance.now() - this.began) / 1000;
  }

  private detail(): string {
    const { rows } = this.history;
    const means = this.meter.state.examples > 0 ? this.meter.means() : rows[rows.length - 1];
    const skip = ["epoch", "step", "seconds", "learningRate"];
    const numbers = Object.entries(means ?? {}).filter(([name]) => !skip.includes(name));
    // Between two epochs the one that is done, so that a training that stops early does not seem to be in the next.
    const epoch = Math.max(1, this.stepInEpoch > 0 ? this.epoch + 1 : this.epoch);
    return [`epoch ${epoch}/${this.plan.epochs}`]
      .concat(numbers.map(([name, value]) => `${name} ${Number(value!.toPrecision(3))}`))
      .join(", ");
  }
}

/** `loss` measured on validation examples is `valLoss`. */
function validationName(name: string): string {
  return `val${name[0].toUpperCase()}${name.slice(1)}`;
}
