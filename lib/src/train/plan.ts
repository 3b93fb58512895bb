import { checkFunction, checkInteger, checkOptions, refuse } from "../check";
import { Batches, batches } from "../data/batches";
import { checkExamples, Examples } from "../data/examples";
import { FAST, shorten } from "../fast";
import { tf } from "../tensorflow";
import { Checkpoint, CheckpointOptions, Setup } from "./checkpoint";
import { measure } from "./evaluate";
import { FIT_OPTIONS, FitOptions } from "./fit-options";
import { checkFit, checkNumbers, Objective, objectiveOf } from "./objective";
import { functionStep, modelStep, recorded, StepFunction, TensorStep, trainableVariables } from "./step";
import { Convergence, EarlyStopping } from "./stopping";

/** What `fit` was asked for, checked and with nothing left to decide. */
export interface Plan {
  step: TensorStep;
  batches: Batches;
  epochs: number;
  stepsPerEpoch: number;
  /** What fast mode shortened, in words. */
  shortened: string | undefined;
  validate: ((signals: AbortSignal[]) => Promise<Record<string, number>>) | undefined;
  earlyStopping: EarlyStopping | undefined;
  convergence: Convergence | undefined;
  checkpoint: Checkpoint | undefined;
  checkpointEvery: number;
  resume: boolean;
  readonly learningRate: number | undefined;
  dispose(): void;
}

/** What differs between a model and a step of one's own. */
interface Target {
  step: TensorStep;
  variables: readonly tf.Variable[];
  /** What a checkpoint holds besides: of a model also what is not trained, such as the means of batch normalisation. */
  state: readonly tf.Variable[];
  optimizers: readonly tf.Optimizer[];
  validate: Plan["validate"];
  /** Frees an optimizer that nobody else has. */
  dispose(): void;
}

/** Checks everything, in the order in which a reader would. @throws TypeError, RangeError */
export function prepare(target: tf.LayersModel | StepFunction, data: Examples, options: FitOptions): Plan {
  checkOptions("fit()", options, FIT_OPTIONS);
  const { epochs = 10, batchSize = 32, shuffle = true, seed = 0, dropLast = false } = options;
  checkInteger("fit()", "epochs", epochs, { min: 1 });
  checkInteger("fit()", "batchSize", batchSize, { min: 1 });
  checkExamples("fit()", data);
  const cut = batches(data, { batchSize, shuffle, seed, dropLast });
  const isModel = target instanceof tf.LayersModel;
  if (!isModel)
    checkFunction("fit()", "its first argument", target, "a tf.LayersModel, or a step: ({ x, y }) => loss.");

  const convergence = options.converged
    ? new Convergence(options.converged === true ? {} : options.converged)
    : undefined;
  const stopping = options.earlyStopping === true ? {} : options.earlyStopping;
  const earlyStopping = stopping ? new EarlyStopping(stopping, () => [...asked.variables]) : undefined;
  const short = { epochs: shorten(epochs, FAST.epochs), stepsPerEpoch: shorten(cut.length, FAST.steps) };
  const { file, every = 1, resume = true, random } = checkpointOptions(options.checkpoint);
  checkInteger("fit()", "checkpoint.every", every, { min: 1 });
  // Last, since it may make an optimizer: what fails before leaves no tensor behind.
  const asked = isModel ? modelTarget(target, data, options) : functionTarget(target, data, options);
  // A step of one's own may count, print or read values, which a recording would not do again: only where it is asked for.
  const runnable = recorded(asked.step, isModel ? options.compile : (options.compile ?? false));
  const setup: Setup = { examples: data.size, batchSize, shuffle, seed, dropLast, stepsPerEpoch: short.stepsPerEpoch };
  if (asked.optimizers.length > 0) setup.optimizer = asked.optimizers.map((one) => one.getClassName()).join(", ");
  return {
    ...short,
    batches: cut,
    step: runnable.step,
    shortened: describeShort(epochs, cut.length, short),
    validate: asked.validate,
    earlyStopping,
    convergence,
    checkpoint: file === "" ? undefined : new Checkpoint(file, setup, asked.state, asked.optimizers, random),
    checkpointEvery: every,
    resume,
    get learningRate() {
      const [first, ...more] = asked.optimizers as readonly { learningRate?: number }[];
      return more.length > 0 ? undefined : first?.learningRate;
    },
    dispose: () => {
      runnable.dispose();
      earlyStopping?.dispose();
      asked.dispose();
    },
  };
}

function modelTarget(model: tf.LayersModel, data: Examples, options: FitOptions): Target {
  checkFit("fit()", model, data);
  const variables = trainableVariables(model);
  if (variables.length === 0) refuse("fit()", "the model", "one with trainable weights", "none" as string);
  const { validation } = options;
  if (typeof validation === "function") {
    refuse("fit()", "validation", "examples, since it gets a model", validation, { kind: TypeError });
  }
  if (validation) {
    checkExamples("fit() validation", validation);
    checkFit("fit() validation", model, validation);
  }
  const objective = objectiveOf("fit()", model, data.y, options);
  if (Array.isArray(options.optimizer)) {
    refuse("fit()", "optimizer", "one optimizer, since it gets a model", options.optimizer, { kind: TypeError });
  }
  const given = (options.optimizer as tf.Optimizer | undefined) ?? (model.optimizer as tf.Optimizer | undefined);
  const optimizer = given ?? tf.train.adam(0.001);
  return {
    step: modelStep(model, optimizer, objective),
    variables,
    state: model.weights.map((weight) => weight.read() as tf.Variable),
    optimizers: [optimizer],
    validate: validation && ((signals) => validateModel(model, validation, objective, signals)),
    dispose: () => {
      if (!given) optimizer.dispose();
    },
  };
}

async function validateModel(model: tf.LayersModel, set: Examples, objective: Objective, signals: AbortSignal[]) {
  const values = await measure(model, set, objective, { signal: AbortSignal.any(signals) });
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== "examples")) as Record<string, number>;
}

function functionTarget(step: StepFunction, data: Examples, options: FitOptions): Target {
  for (const name of ["loss", "metrics"] as const) {
    if (options[name] === undefined) continue;
    throw new TypeError(
      `fit() has no use for ${name} where it gets a step of one's own. Remedy: use it inside the step.`,
    );
  }
  const { validation, variables = [], optimizer } = options;
  if (validation !== undefined) {
    checkFunction(
      "fit()",
      "validation",
      validation,
      "a step of one's own is validated by a function: () => ({ loss, … }).",
    );
  }
  for (const name of ["checkpoint", "earlyStopping"] as const) {
    if (!options[name] || variables.length > 0) continue;
    const remedy = "a model knows its own, a step has to be told what it trains: variables: [w, b].";
    refuse("fit()", `variables, for ${name},`, "the variables that the step trains", options.variables, { remedy });
  }
  checkNumbers("fit()", "x", data.x);
  checkNumbers("fit()", "y", data.y);
  return {
    step: functionStep(step),
    variables,
    state: variables,
    optimizers: optimizer === undefined ? [] : [optimizer].flat(),
    validate: validation && (async () => (validation as () => Record<string, number>)()),
    dispose: () => {},
  };
}

function checkpointOptions(checkpoint: string | CheckpointOptions | undefined): CheckpointOptions {
  if (checkpoint === undefined) return { file: "" };
  const options = typeof checkpoint === "string" ? { file: checkpoint } : checkpoint;
  checkOptions("checkpoint", options, ["file", "every", "resume", "random"]);
  if (typeof options.file === "string" && options.file !== "") return options;
  return refuse("checkpoint", "file", "the path of a file", options.file, { kind: TypeError });
}

function describeShort(
  epochs: number,
  steps: number,
  short: { epochs: number; stepsPerEpoch: number },
): string | undefined {
  if (short.epochs === epochs && short.stepsPerEpoch === steps) return undefined;
  return `fast mode: ${short.epochs} of ${epochs} epochs, ${short.stepsPerEpoch} of ${steps} steps in each`;
}
