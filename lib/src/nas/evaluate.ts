import { checkExamples, Examples, take } from "../data/examples";
import { split } from "../data/split";
import { isFast } from "../fast";
import { setRandomSeed } from "../kernels";
import { generator } from "../random";
import { tf } from "../tensorflow";
import { DivergenceError } from "../train/divergence";
import { fit } from "../train/fit";
import { FitOptions } from "../train/fit-options";
import { History, HistoryRow } from "../train/history";
import { ObjectiveOptions } from "../train/objective";
import { checkFunction, checkInteger, checkNumber, checkOptions } from "../check";
import { checked, Details, Evaluator, Outcome, sentence } from "./outcome";
import { Candidate } from "./search";

/** How thoroughly to train. */
export interface Effort {
  /** @default the trainer's `epochs` */
  epochs?: number;
  /** The share of the training examples to learn from, above 0 and up to 1; of every class the same. @default 1 */
  share?: number;
}

export interface CandidateTrainerOptions<Genotype> extends Pick<ObjectiveOptions, "loss"> {
  /** Builds the network of a genotype; what it throws is the candidate's failure. The seed is for its initial weights. */
  model: (genotype: Genotype, options: { seed: number }) => tf.LayersModel;
  /** The training set. It stays the caller's, and may be freed once the trainer is made; so does `validation`. */
  data: Examples;
  /** What to score by: a share of `data` or a number of its examples, held back, or other examples. @default 0.2 */
  validation?: number | Examples;
  /** Makes the optimizer of one training. @default Adam with rate 0.001 */
  optimizer?: (training: { epochs: number; steps: number }) => tf.Optimizer;
  /** @default 10 */
  epochs?: number;
  /** @default 64 */
  batchSize?: number;
  /** As `fit` has it: `{ precision: "bfloat16" }` trains faster on cores that know it. @default true */
  compile?: FitOptions["compile"];
  /** What a candidate's `fidelity` means. @default a number of epochs */
  effort?: (fidelity: number) => Effort;
  /** The column of the history to score by; names without "accuracy" count as losses, and score negative.
   * @default "valAccuracy" for class labels, else "valLoss" */
  metric?: string;
  /** Epochs without a better metric until training stops; the score is then that of the best epoch. @default no stop, and the
   * score is that of the last epoch */
  patience?: number;
  /** Networks with more parameters than this are not trained. @default Infinity */
  maxParameters?: number;
  /** Seconds that a training may take. @default Infinity */
  seconds?: number;
  /** Where validation split, initial weights, orders and dropout come from. @default 0 */
  seed?: number | string;
  /** What scores depend on besides, for the journal: which data, which recipe. */
  setup?: Details;
}

const OPTIONS: readonly (keyof CandidateTrainerOptions<unknown>)[] = [
  ...(["model", "data", "validation", "optimizer", "loss", "epochs", "batchSize", "compile", "effort"] as const),
  ...(["metric", "patience", "maxParameters", "seconds", "seed", "setup"] as const),
];

/**
 * Scores candidates by training them: on a part of the training set, judged on the rest of it. It never sees a test set:
 * a search that does has chosen its network by it, and its test accuracy means nothing any more.
 *
 * A candidate has the same numbers whenever and wherever it is trained, since its seed comes from `seed` and its key. A
 * training that diverges, a network that is too large or cannot be built, and one that takes too long, become failures.
 * Whatever a candidate held is freed before the next.
 *
 * @throws TypeError, RangeError where the options do not fit together
 * @example const evaluator = candidateTrainer({ model: build, data: train, epochs: 5, maxParameters: 300_000 });
 */
export function candidateTrainer<Genotype>(options: CandidateTrainerOptions<Genotype>): Evaluator<Genotype> {
  return new CandidateTrainer(options);
}

class CandidateTrainer<Genotype> implements Evaluator<Genotype> {
  readonly concurrency = 1;
  readonly setup: Details;
  private readonly options;
  private readonly train: Examples;
  private readonly validation: Examples;
  private readonly parts = new Map<number, Examples>();

  constructor(options: CandidateTrainerOptions<Genotype>) {
    const where = "candidateTrainer()";
    checkOptions(where, options, OPTIONS);
    checkFunction(where, "model", options.model, "a function from a genotype to its tf.LayersModel.");
    checkExamples(where, options.data);
    const { y } = options.data;
    const accuracy = y.rank === 1 && y.dtype === "int32";
    const { validation = 0.2, epochs = 10, batchSize = 64, compile = true, seed = 0, setup = {}, ...rest } = options;
    if (typeof validation !== "number") checkExamples(where, validation);
    const { metric = accuracy ? "valAccuracy" : "valLoss", maxParameters = Infinity, seconds = Infinity } = rest;
    checkInteger(where, "epochs", epochs, { min: 1 });
    checkInteger(where, "batchSize", batchSize, { min: 1 });
    if (rest.patience !== undefined) checkInteger(where, "patience", rest.patience, { min: 1 });
    if (maxParameters !== Infinity) checkInteger(where, "maxParameters", maxParameters, { min: 1 });
    if (seconds !== Infinity) checkNumber(where, "seconds", seconds, { min: 0 });
    this.options = { ...rest, epochs, batchSize, compile, seed, metric, maxParameters, seconds };
    const shapeOf = (set: Examples) => set.x.shape.join("x");
    const limits = { maxParameters: String(maxParameters), seconds: String(seconds) };
    const { loss, patience = 0 } = rest;
    this.setup = {
      data: shapeOf(options.data),
      validation: typeof validation === "number" ? validation : shapeOf(validation),
      ...{ epochs, batchSize, seed, metric, patience, ...limits },
      ...(typeof loss === "string" && { loss: loss as string }),
      // Other ways to compile give other numbers.
      ...(compile !== true && { compile: JSON.stringify(compile) }),
      // It trains less: its scores must not end up in a real journal.
      ...(isFast() && { fast: 1 }),
      ...setup,
    };
    if (typeof validation === "number") {
      ({ train: this.train, validation: this.validation } = split(options.data, { validation, seed }));
    } else {
      [this.train, this.validation] = [options.data, validation].map((set) => take(set, set.size));
    }
  }

  async evaluate(candidate: Candidate<Genotype>, signal: AbortSignal): Promise<Outcome> {
    signal.throwIfAborted();
    let model: tf.LayersModel | undefined;
    try {
      const seed = generator(this.options.seed)
        .split(candidate.key)
        .integer(0, 2 ** 31);
      model = this.build(candidate.genotype, seed);
      const parameters = model.countParams();
      const { maxParameters } = this.options;
      if (parameters > maxParameters) {
        const [has, most] = [parameters, maxParameters].map((count) => count.toLocaleString("en"));
        return { failure: `too large: ${has} parameters, at most ${most}`, details: { parameters } };
      }
      return await this.score(model, seed, candidate.fidelity, signal);
    } catch (error) {
      signal.throwIfAborted();
      return { failure: error instanceof DivergenceError ? `diverged: ${sentence(error)}` : sentence(error) };
    } finally {
      model?.dispose();
    }
  }

  /** Frees the examples. */
  close(): void {
    for (const part of [this.train, this.validation, ...this.parts.values()]) part.dispose();
    this.parts.clear();
  }

  /** Builds the network, and where that fails frees the weights that were made before. */
  private build(genotype: Genotype, seed: number): tf.LayersModel {
    setRandomSeed(seed);
    const before = new Set(Object.keys(tf.engine().registeredVariables));
    let model!: tf.LayersModel;
    try {
      tf.tidy(() => {
        model = this.options.model(genotype, { seed });
        if (!(model instanceof tf.LayersModel))
          throw new TypeError("candidateTrainer() wants model to return a tf.LayersModel.");
      });
      return model;
    } catch (error) {
      const made = Object.entries(tf.engine().registeredVariables).filter(([name]) => !before.has(name));
      for (const [, variable] of made) variable.dispose();
      throw error;
    }
  }

  private async score(
    model: tf.LayersModel,
    seed: number,
    fidelity: number | undefined,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const {
      batchSize,
      compile,
      metric,
      patience,
      loss,
      seconds,
      optimizer: make = () => tf.train.adam(0.001),
    } = this.options;
    const { epochs, share } = this.effort(fidelity);
    const data = share === 1 ? this.train : this.part(share);
    const optimizer = make({ epochs, steps: epochs * Math.ceil(data.size / batchSize) });
    const stop = new AbortController();
    const abort = () => stop.abort(signal.reason);
    signal.addEventListener("abort", abort);
    const timer = Number.isFinite(seconds) ? setTimeout(() => stop.abort(), seconds * 1000) : undefined;
    try {
      const history = await fit(model, data, {
        ...{ epochs, batchSize, compile, optimizer, seed, signal: stop.signal, progress: false },
        validation: this.validation,
        ...(loss === undefined ? {} : { loss }),
        ...(patience === undefined ? {} : { earlyStopping: { metric, patience, restoreBest: false } }),
      });
      const measured = {
        parameters: model.countParams(),
        epochs: history.rows.length,
        seconds: round(history.seconds),
      };
      if (history.stopped === "interrupt") {
        signal.throwIfAborted();
        return { failure: `out of time: more than ${seconds} s`, details: measured };
      }
      return this.outcome(history, measured);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      optimizer.dispose();
    }
  }

  private outcome({ rows }: History, measured: Details): Outcome {
    const { metric, patience } = this.options;
    const scores = rows.map((row) => scoreOf(row, metric));
    const chosen = patience === undefined ? rows.length - 1 : scores.indexOf(Math.max(...scores));
    const { epoch, step, seconds, learningRate, ...rest } = rows[chosen];
    void [step, seconds, learningRate];
    const curve = rows.map((row) => Number(row[metric]));
    return checked({ score: scores[chosen], details: { ...measured, bestEpoch: epoch, ...(rest as Details), curve } });
  }

  private effort(fidelity: number | undefined): Required<Effort> {
    const { epochs, effort = (fidelity: number): Effort => ({ epochs: fidelity }) } = this.options;
    const asked = { epochs, share: 1, ...(fidelity === undefined ? {} : effort(fidelity)) };
    checkInteger("candidateTrainer()", `the epochs of fidelity ${fidelity}`, asked.epochs, { min: 1 });
    checkNumber("candidateTrainer()", `the share of fidelity ${fidelity}`, asked.share, { min: 1e-9, max: 1 });
    return asked;
  }

  /** The same examples for all candidates, of every class the same share. */
  private part(share: number): Examples {
    let part = this.parts.get(share);
    if (!part) {
      const parts = split(this.train, { validation: share, seed: "share" });
      parts.train.dispose();
      this.parts.set(share, (part = parts.validation));
    }
    return part;
  }
}

function scoreOf(row: HistoryRow, metric: string): number {
  const value = row[metric];
  if (value === undefined) {
    const names = Object.keys(row).join(", ");
    throw new RangeError(`candidateTrainer() has no ${metric} to score by. Remedy: one of ${names}.`);
  }
  return /accuracy/i.test(metric) ? value : -value;
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
