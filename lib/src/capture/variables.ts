import { tf } from "../tensorflow";
import { DataInfo, NativeBackend, upload } from "./native";

/** All variables there are, by name. TensorFlow.js' engine registers every `tf.variable` until it is disposed of. */
export function registeredVariables(): tf.Variable[] {
  return Object.values(tf.engine().registeredVariables) as tf.Variable[];
}

/**
 * Gives every variable a data id of its own. `target.assign(online)` and `tf.variable(initial)` leave two names for one
 * id, and a recording could not tell which of them an op reads.
 */
export function separate(native: NativeBackend, variables: tf.Variable[]): void {
  for (const variable of variables) {
    if (native.backend.tensorMap.get(variable.dataId).refCount > 1) setValue(variable, copy(native, variable));
  }
}

/** A second handle on the same values: TensorFlow's tensors are immutable, so nothing is copied. */
export function copy(native: NativeBackend, tensor: tf.Tensor): tf.Tensor {
  const { id } = upload(native, tensor.dataId);
  const [output] = native.binding.executeOp("Identity", [], [id], 1);
  return native.backend.createOutputTensor(output);
}

/** Assigns and lets go of the tensor, so that the variable is the only owner of the new values. */
export function setValue(variable: tf.Variable, value: tf.Tensor): void {
  variable.assign(value);
  value.dispose();
}

/** Remembers the values of all variables, those made from now on included, so that a failed run leaves no trace. */
export class Snapshot {
  private readonly values = new Map<tf.Variable, tf.Tensor>();
  private readonly engine = tf.engine() as { makeVariable?: (...rest: Parameters<MakeVariable>) => tf.Variable };
  /** Variables made since. */
  readonly made: tf.Variable[] = [];

  constructor() {
    for (const variable of registeredVariables()) this.remember(variable);
    const makeVariable = this.engine.makeVariable!;
    this.engine.makeVariable = (...rest) => {
      const variable = makeVariable.apply(this.engine, rest);
      this.made.push(variable);
      this.remember(variable);
      return variable;
    };
  }

  private remember(variable: tf.Variable): void {
    // A clone shares the data, and its count keeps an assignment from freeing them.
    this.values.set(variable, tf.keep(variable.clone()));
  }

  /** Puts every variable back; those made since get their first value. */
  restore(): void {
    for (const [variable, value] of this.values) {
      if (!variable.isDisposed && variable.dataId !== value.dataId) variable.assign(value);
    }
    this.release();
  }

  /** Forgets the values. */
  release(): void {
    for (const value of this.values.values()) value.dispose();
    this.values.clear();
    delete this.engine.makeVariable; // shows the class's own method again
  }
}

type MakeVariable = ReturnType<typeof tf.engine>["makeVariable"];

/** A variable as a replay sees it: where its values are now, looked up again only after somebody assigned to it. */
export class VariableSlot {
  private dataId: object | undefined;
  private data!: DataInfo;

  constructor(
    private readonly native: NativeBackend,
    readonly variable: tf.Variable,
  ) {}

  /** @throws Error where somebody disposed of the variable */
  info(): DataInfo {
    const { variable } = this;
    if (variable.isDisposed) throw new Error(`compile(): the step's variable ${variable.name} was disposed of`);
    if (variable.dataId !== this.dataId) {
      this.data = upload(this.native, variable.dataId);
      this.dataId = variable.dataId;
    }
    return this.data;
  }
}
