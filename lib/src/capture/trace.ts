/**
 * From a function to a trace: what it does, with every input known. Runs the function for real, then once more with other
 * numbers to see what follows them, and takes back what that second run did.
 */
import { tf } from "../tensorflow";
import { NativeBackend } from "./native";
import { another, Difference, followNumbers, NumberSource, NumberUse } from "./numbers";
import { record, Recording, Ref, Sources } from "./recorder";
import { CompileError } from "./refuse";
import { describe, fixNumbers, Leaves, rebuild, Structure } from "./structure";
import { copy, registeredVariables, separate, Snapshot } from "./variables";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- any function's arguments
export type AnyFunction = (...values: any[]) => unknown;

/** One run of the function. */
interface Run {
  recording: Recording;
  /** The result's structure, and where each of its tensors comes from. */
  result: Structure;
  outputs: Ref[];
  tensors: tf.Tensor[];
  variables: tf.Variable[];
  /** Variables that the run assigned to, and their new values. */
  assigned: { variable: number; ref: Ref }[];
  /** Variables made during the run, such as an optimizer's slots. */
  made: tf.Variable[];
}

/** A property of an optimizer that is part of the recording, such as its momentum: another value needs another recording. */
export interface Guard {
  object: Record<string, unknown>;
  key: string;
  value: unknown;
}

/** What a function does, ready to be written as a graph. */
export interface Trace extends Omit<Run, "tensors" | "made"> {
  structure: Structure;
  /** Numbers that are inputs: those among the arguments first, in order, then learning rates. */
  numbers: NumberSource[];
  /** How many of them are arguments. */
  argumentNumbers: number;
  /** Constant steps that are really a number's value. */
  uses: Map<number, NumberUse>;
  guards: Guard[];
}

/** The first call of a function: its result, and what was built of its trace. */
export interface FirstCall<T> {
  value: unknown;
  /** Missing where the call made variables, such as an optimizer's slots: the next call has to record. */
  built?: T;
  made: tf.Variable[];
}

/** Calls the function, traces it and builds. If any of this fails, variables are as they were before. */
export function trace<T>(
  native: NativeBackend,
  step: AnyFunction,
  values: unknown[],
  build: (trace: Trace) => T,
): FirstCall<T> {
  const leaves: Leaves = { tensors: [], numbers: [] };
  const structure = describe(values, leaves);
  const before = new Snapshot();
  try {
    const first = run(native, step, structure, leaves);
    const value = rebuild(first.result, { tensors: first.tensors, numbers: [] });
    if (first.made.length > 0) return { value, made: first.made };
    try {
      return { value, made: [], built: build(follow(native, step, structure, leaves, first)) };
    } catch (error) {
      tf.dispose(first.tensors);
      throw error;
    }
  } catch (error) {
    before.restore();
    throw error;
  } finally {
    before.release();
  }
}

/** Finds out which numbers are inputs of the recording by running the function again with others. */
function follow(native: NativeBackend, step: AnyFunction, structure: Structure, leaves: Leaves, first: Run): Trace {
  const numbers = [
    ...leaves.numbers.map((_, i) => argument(leaves, i)),
    ...first.recording.optimizers.flatMap(learningRate),
  ];
  const attempt = (which: readonly number[], uses: Map<number, NumberUse>): Difference | undefined => {
    const values = numbers.map(
      (number, i) => [number.get(), which.includes(i) ? another(number.get()) : number.get()] as const,
    );
    const snapshot = new Snapshot();
    const counts = first.recording.optimizers.map((optimizer) => [optimizer, optimizer.iterations] as const);
    try {
      values.forEach(([, value], i) => numbers[i].set(value));
      const second = run(native, step, structure, leaves);
      tf.dispose(second.tensors);
      if (second.made.length > 0) {
        return { step: second.recording.steps[0], what: "which variables there are: it makes new ones at every call" };
      }
      return followNumbers(first.recording, second.recording, values, uses);
    } catch (error) {
      if (which.length === 0) throw error;
      return { step: first.recording.steps[0], what: `whether the function works at all (${String(error)})` };
    } finally {
      values.forEach(([value], i) => numbers[i].set(value));
      snapshot.restore();
      for (const [optimizer, count] of counts) Object.assign(optimizer, { iterations_: count });
    }
  };

  let uses = new Map<number, NumberUse>();
  let inputs = numbers.map((_, i) => i);
  let difference = attempt(inputs, uses);
  if (difference !== undefined) {
    // Not the numbers' fault if it happens without them, too.
    if (inputs.length > 0) difference = attempt([], new Map());
    if (difference !== undefined) throw changing(difference);
    inputs = inputs.filter((i) => attempt([i], new Map()) === undefined);
    uses = new Map();
    if (inputs.length > 0 && attempt(inputs, uses) !== undefined) {
      inputs = [];
      uses = new Map();
    }
  }
  const fixed = new Set(numbers.keys());
  for (const i of inputs) fixed.delete(i);
  const rates = new Set(numbers.slice(leaves.numbers.length).filter((_, i) => !fixed.has(leaves.numbers.length + i)));
  const { recording, result, outputs, variables, assigned } = first;
  return {
    recording,
    result,
    outputs,
    variables,
    assigned,
    structure: fixNumbers(structure, leaves.numbers, fixed),
    numbers,
    argumentNumbers: leaves.numbers.length,
    uses,
    guards: first.recording.optimizers.flatMap((optimizer) => guards(optimizer, rates.size > 0)),
  };
}

function run(native: NativeBackend, step: AnyFunction, structure: Structure, leaves: Leaves): Run {
  separate(native, registeredVariables());
  const variables = registeredVariables();
  const starts = variables.map(({ dataId }) => dataId);
  const sources: Sources = new Map(starts.map((dataId, index) => [dataId, { kind: "variable", index }]));
  const snapshot = new Snapshot();
  const results: Leaves = { tensors: [], numbers: [] };
  let out!: Run;
  try {
    tf.tidy(() => {
      const inputs = leaves.tensors.map((tensor, index) => {
        const input = copy(native, tensor);
        sources.set(input.dataId, { kind: "argument", index });
        return input;
      });
      const { recording, result } = record(native, sources, () => {
        const given = rebuild(structure, { tensors: inputs, numbers: leaves.numbers }) as unknown[];
        let structureOfResult!: Structure;
        tf.tidy(() => {
          structureOfResult = describeResult(step(...given), results);
          // Whatever is returned or assigned becomes known to the recording, even a constant that no op has used.
          native.backend.getInputTensorIds([...results.tensors, ...variables.filter(({ isDisposed }) => !isDisposed)]);
          return results.tensors;
        });
        return structureOfResult;
      });
      const ref = (tensor: tf.Tensor): Ref => recording.refOf(tensor.dataId)!;
      checkDisposed(variables, inputs);
      out = {
        recording,
        result,
        variables,
        made: snapshot.made,
        tensors: results.tensors,
        outputs: results.tensors.map(ref),
        assigned: variables.flatMap((variable, i) =>
          variable.dataId === starts[i] ? [] : [{ variable: i, ref: ref(variable) }],
        ),
      };
      return results.tensors;
    });
    if (out.made.length === 0) checkKept(native, out);
    return out;
  } catch (error) {
    tf.dispose(results.tensors);
    snapshot.restore();
    throw error;
  } finally {
    snapshot.release();
  }
}

function describeResult(value: unknown, leaves: Leaves): Structure {
  if (value instanceof Promise) {
    value.catch(() => undefined); // It fails because of us, and nobody else will look at it.
    throw new CompileError(
      "an async function",
      "what follows an await runs outside of the recording",
      "Make the step a plain function and await its results outside",
    );
  }
  const structure = describe(value, leaves, "copy");
  const refuse = (part: Structure): void => {
    if ("items" in part) part.items.forEach(refuse);
    else if (part.kind === "number" || (part.kind === "fixed" && part.value != null)) {
      const got = part.kind === "number" ? "a number" : `a ${typeof part.value}`;
      throw new CompileError(
        `the result, which has ${got} in it`,
        "it would be the same in all later calls",
        "Return tensors only",
      );
    }
  };
  refuse(structure);
  return structure;
}

function checkDisposed(variables: tf.Variable[], inputs: tf.Tensor[]): void {
  const variable = variables.find(({ isDisposed }) => isDisposed);
  if (variable === undefined && !inputs.some(({ isDisposed }) => isDisposed)) return;
  const what = variable === undefined ? "an argument" : `variable ${variable.name}`;
  throw new CompileError(
    `dispose() of ${what}`,
    "it belongs to the caller, and later calls need it",
    "Dispose of it outside of the step",
  );
}

/** Finds tensors that outlive the run without being its result: later calls would not renew them. */
function checkKept({ backend }: NativeBackend, { recording, tensors, variables }: Run): void {
  const known = new Set([...tensors, ...variables].map(({ dataId }) => backend.tensorMap.get(dataId).id));
  for (const [id, { step }] of recording.alive) {
    if (known.has(id)) continue;
    const made = recording.steps[step];
    throw new CompileError(
      made.kind === "op" ? `tf.keep of a result of ${made.op}` : "tf.keep of a constant",
      "later calls would not renew the kept tensor",
      "Return it, or assign it to a tf.variable made outside of the step",
      "place" in made ? made.place.line() : undefined,
    );
  }
}

function changing({ step, what }: Difference): CompileError {
  const line = step !== undefined && "place" in step ? step.place.line() : undefined;
  return new CompileError(
    "a step that does not repeat",
    `run twice on the same arguments, it changed ${what}, which would be frozen to one call's value (Math.random, the time, a counter, a new variable)`,
    "Pass what changes as an argument, keep it in a tf.variable, or draw it with tf.randomUniform and its kin",
    line,
  );
}

function argument(leaves: Leaves, index: number): NumberSource {
  return {
    name: `number ${index + 1} of the arguments`,
    get: () => leaves.numbers[index],
    set: (value) => (leaves.numbers[index] = value),
  };
}

function learningRate(optimizer: tf.Optimizer): NumberSource[] {
  const holder = optimizer as unknown as { learningRate?: unknown };
  if (typeof holder.learningRate !== "number") return [];
  return [
    {
      name: "the learning rate",
      get: () => holder.learningRate as number,
      set: (value) => (holder.learningRate = value),
    },
  ];
}

function guards(optimizer: tf.Optimizer, rateIsInput: boolean): Guard[] {
  const object = optimizer as unknown as Record<string, unknown>;
  return Object.keys(object)
    .filter((key) => key !== "iterations_" && !(rateIsInput && key === "learningRate"))
    .filter((key) => ["number", "boolean", "string"].includes(typeof object[key]))
    .map((key) => ({ object, key, value: object[key] }));
}
