import { checkFunction, checkInteger, checkLabels, checkOptions, checkShape, refuse } from "../check";
import { checkExamples, Examples } from "../data/examples";
import { fit, FitOptions, History, HistoryRow } from "../train";
import { tf } from "../tensorflow";
import { Gan } from "./gan";

/**
 * Options of `trainGan`; those that it shares with `fit` mean the same there, but that `compile` is true by default, and
 * records a whole round. With `{ precision: "bfloat16" }` a round of the course's digit networks takes a quarter less time.
 */
export interface TrainGanOptions extends Pick<
  FitOptions,
  "epochs" | "seed" | "checkpoint" | "progress" | "signal" | "onUpdate" | "onEpochEnd" | "compile"
> {
  /** Data in a step of the discriminator, and samples in each step. @default 64 */
  batchSize?: number;
  /** Steps of the discriminator before each one of the generator, each on data of its own. @default 1 */
  criticSteps?: number;
  /**
   * Both learn from the same samples, each from the other as it was before the round: `gan.simultaneousStep`. @default false,
   * the discriminator first, and the generator from what it has become
   */
  simultaneous?: boolean;
  /** Further numbers for each epoch's row, such as the quality of samples. */
  metrics?: (gan: Gan) => Record<string, number> | Promise<Record<string, number>>;
}

const OPTIONS: readonly (keyof TrainGanOptions)[] = [
  "epochs",
  "seed",
  "checkpoint",
  "progress",
  "signal",
  "onUpdate",
  "onEpochEnd",
  "batchSize",
  "criticSteps",
  "simultaneous",
  "metrics",
  "compile",
];

/**
 * Trains both networks in turn: some steps of the discriminator, one of the generator, again and again. An epoch goes once
 * through the data; a rest that is too small for a round is left out.
 *
 * Rows of the history have `loss`, the discriminator's without penalties; `generatorLoss`; `accuracy`, the share of scores
 * on the right side of the loss's boundary; and the lengths of the gradients, `gradient` and `generatorGradient`. All else is as in `fit`: the
 * loop is fit's own. Stop ends it cleanly, a checkpoint goes on to the very numbers, and fast mode is as short.
 *
 * @param data what to learn from; its labels, `[size]`, are used by a conditional pair alone
 * @throws TypeError, RangeError where the arguments do not fit together, before anything is changed; RangeError where a loss
 *   becomes NaN or infinite
 * @example const history = await trainGan(gan, digits, { epochs: 10, batchSize: 256, onUpdate: curves.push });
 */
export async function trainGan(gan: Gan, data: Examples, options: TrainGanOptions = {}): Promise<History> {
  const where = "trainGan()";
  checkOptions(where, options, OPTIONS);
  const {
    batchSize = 64,
    criticSteps = 1,
    simultaneous = false,
    metrics,
    compile = true,
    onEpochEnd,
    ...rest
  } = options;
  checkExamples(where, data);
  checkInteger(where, "criticSteps", criticSteps, { min: 1 });
  if (simultaneous && criticSteps > 1) {
    refuse(where, "criticSteps", "1, since both learn from the same samples", criticSteps);
  }
  const most = Math.floor(data.size / criticSteps);
  const remedy = `there are ${data.size} examples for ${criticSteps} steps of the discriminator in a round.`;
  checkInteger(where, "batchSize", batchSize, { min: 1, max: most, remedy });
  if (metrics) checkFunction(where, "metrics", metrics);
  checkData(where, gan, data);

  const inTurn = ({ x, y }: { x: tf.Tensor; y: tf.Tensor }) => {
    const parts = criticSteps === 1 ? [x] : tf.split(x, criticSteps);
    const labels = criticSteps === 1 ? [y] : tf.split(y, criticSteps);
    // The last one is told: the generator meets this discriminator.
    const { loss, accuracy, gradient } = parts.map((part, i) => gan.discriminatorStep(part, labels[i]))[
      criticSteps - 1
    ];
    const own = gan.generatorStep(batchSize, labels[criticSteps - 1]);
    return { loss, accuracy, gradient, generatorLoss: own.loss, generatorGradient: own.gradient };
  };
  const atOnce = ({ x, y }: { x: tf.Tensor; y: tf.Tensor }) => gan.simultaneousStep(x, y);
  return fit(simultaneous ? atOnce : inTurn, data, {
    ...rest,
    batchSize: batchSize * criticSteps,
    dropLast: true,
    compile,
    optimizer: [gan.discriminatorOptimizer, gan.generatorOptimizer],
    variables: gan.variables,
    onEpochEnd: async (row: HistoryRow, history: History) => {
      checkRow(row); // before the checkpoint is written over the one to go back to
      if (metrics) Object.assign(row, await metrics(gan));
      await onEpochEnd?.(row, history);
    },
  });
}

/**
 * `fit` looks at the discriminator's loss alone, a round later than the generator goes wrong: after the last round, too late.
 *
 * @throws RangeError where the generator's loss or a gradient is no longer finite
 */
function checkRow({ epoch, generatorLoss, generatorGradient, gradient }: HistoryRow): void {
  for (const [name, value] of Object.entries({ generatorLoss, generatorGradient, gradient })) {
    if (Number.isFinite(value)) continue;
    throw new RangeError(
      `trainGan() got a ${name} of ${value} in epoch ${epoch}. Remedy: smaller learning rates, a smaller penalty, or data ` +
        "scaled to about -1 to 1.",
    );
  }
}

function checkData(where: string, gan: Gan, { x, y }: Examples): void {
  if (gan.classes > 0) {
    checkShape(where, "y", y, [null], "a class for each row.");
    checkLabels(where, "y", y.dataSync(), gan.classes);
  }
  const [, ...wanted] = gan.discriminator.inputs[0].shape;
  const [, ...got] = x.shape;
  if (wanted.length === got.length && wanted.every((size, i) => size === null || size === got[i])) return;
  throw new RangeError(
    `${where} wants data of shape [size, ${wanted.map((size) => size ?? "any").join(", ")}], ` +
      `as the discriminator has them, got [${x.shape.join(", ")}].`,
  );
}
