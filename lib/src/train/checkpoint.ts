import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { RandomGenerator, RandomState } from "../random";
import { decodeSafetensors, encodeSafetensors, StoredTensor } from "../data/safetensors";
import { tf } from "../tensorflow";
import { HistoryRow, StepRow } from "./history";
import { MeterState } from "./meter";
import { optimizerState, restoreOptimizer } from "./optimizer-state";

export interface CheckpointOptions {
  /** The file, in safetensors format. Its folder is made where it is missing. */
  file: string;
  /** Write after every so many epochs, and at the end, and when training is interrupted. @default 1 */
  every?: number;
  /** Go on from the file where it exists; false begins anew and writes over it. @default true */
  resume?: boolean;
  /** Further streams of random numbers that the training draws from. */
  random?: readonly RandomGenerator[];
}

/** Where a training is, apart from tensors. */
export interface Position {
  /** Epochs done, and steps done in the next one. */
  epoch: number;
  stepInEpoch: number;
  seconds: number;
  meter: MeterState;
  rows: HistoryRow[];
  steps: StepRow[];
  earlyStopping?: { best: number; bestEpoch: number; waited: number };
  /** True where training had ended before all its epochs, and why. */
  ended?: "converged" | "earlyStopping";
}

/** What must be the same for a training to go on to the same numbers. */
export type Setup = Record<string, string | number | boolean>;

interface Contents<P> {
  position: P;
  setup: Setup;
  weights: string[];
  random: RandomState[];
}

const FORMAT = "nablab checkpoint 1";

/** Where the numbers of dropout and `tf.random*` come from, seed and count: a variable, once anything was drawn. */
const stream = () => tf.engine().registeredVariables["nablab/random"] as tf.Variable | undefined;

/**
 * Writes and reads the state of a training: all of it, or nothing.
 *
 * `P` says where the training is, as plain data.
 */
export class Checkpoint<P = Position> {
  readonly file: string;
  private readonly optimizers: readonly tf.Optimizer[];

  constructor(
    file: string,
    private readonly setup: Setup,
    private readonly variables: readonly tf.Variable[],
    optimizer: tf.Optimizer | readonly tf.Optimizer[] | undefined,
    private readonly random: readonly RandomGenerator[] = [],
    /** The function to name in errors. */
    private readonly where = "fit()",
  ) {
    this.file = resolve(file);
    this.optimizers = optimizer instanceof tf.Optimizer ? [optimizer] : (optimizer ?? []);
  }

  /** Writes beside the file, and renames: whoever reads sees the old state or the new one, never half. */
  save(position: P, best: readonly tf.Tensor[]): void {
    const contents: Contents<P> = {
      position,
      setup: this.setup,
      weights: this.variables.map(shapeOf),
      random: this.random.map((stream) => stream.state()),
    };
    const drawn = stream();
    const bytes = encodeSafetensors({
      tensors: {
        ...store("weights", this.variables),
        ...store("best", best),
        ...Object.assign({}, ...this.optimizers.map((rule, i) => store(slotsOf(i), optimizerState(rule)))),
        ...store("random", drawn ? [drawn] : []),
      },
      metadata: { format: FORMAT, contents: JSON.stringify(contents) },
    });
    const part = `${this.file}.${process.pid}.part`;
    try {
      mkdirSync(dirname(this.file), { recursive: true });
      const descriptor = openSync(part, "w");
      try {
        writeSync(descriptor, bytes);
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      renameSync(part, this.file);
    } catch (error) {
      rmSync(part, { force: true });
      throw new Error(`${this.where} cannot write the checkpoint ${this.file}: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  /**
   * Puts weights, optimizer and random streams back.
   *
   * @returns where training was, and the best weights so far; undefined where there is no file
   * @throws RangeError where the file is damaged, of another model or of another setup; nothing is changed then
   */
  load(): { position: P; best: tf.Tensor[] } | undefined {
    let bytes: Uint8Array;
    try {
      bytes = readFileSync(this.file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
    const { tensors, metadata } = decodeSafetensors(bytes, this.file);
    if (metadata.format !== FORMAT) this.refuse(`it is no ${FORMAT}`);
    const { position, setup, weights, random } = JSON.parse(metadata.contents) as Contents<P>;
    this.compare(setup, weights);
    if (random.length !== this.random.length)
      this.refuse(`it has ${random.length} random streams, not ${this.random.length}`);

    const read = (prefix: string) => {
      const found = Object.entries(tensors).filter(([name]) => name.startsWith(`${prefix}/`));
      return Object.fromEntries(found.map(([name, stored]) => [name.slice(prefix.length + 1), tensorOf(stored)]));
    };
    const best = Object.values(read("best"));
    tf.tidy(() => {
      this.optimizers.forEach((rule, i) => restoreOptimizer(rule, read(slotsOf(i))));
      const values = read("weights");
      this.variables.forEach((variable, i) => variable.assign(values[i]));
      const [drawn] = Object.values(read("random"));
      if (drawn) stream()?.assign(drawn);
    });
    random.forEach((state, i) => this.random[i].restore(state));
    return { position, best };
  }

  private compare(setup: Setup, weights: string[]): void {
    const own = this.variables.map(shapeOf);
    if (own.length !== weights.length) {
      this.refuse(`it holds ${weights.length} weights, and the model has ${own.length}: another model`);
    }
    const other = own.findIndex((shape, i) => shape !== weights[i]);
    if (other >= 0) this.refuse(`weight ${other} is ${weights[other]} there and ${own[other]} here: another model`);
    for (const [name, value] of Object.entries(this.setup)) {
      if (setup[name] !== value) this.refuse(`${name} was ${setup[name]} there and is ${value} here`);
    }
  }

  private refuse(what: string): never {
    throw new RangeError(
      `${this.where} cannot go on from ${this.file}: ${what}. Remedy: name another file, or resume: false to write over it.`,
    );
  }
}

/** Where the slots of an optimizer are filed: "optimizer", "optimizer1", … */
const slotsOf = (place: number) => `optimizer${place || ""}`;

const shapeOf = ({ shape, dtype }: tf.Tensor) => `${dtype} [${shape.join(", ")}]`;

function store(
  prefix: string,
  tensors: readonly tf.Tensor[] | Record<string, tf.Tensor>,
): Record<string, StoredTensor> {
  const kinds = { float32: "F32", int32: "I32", bool: "BOOL" } as const;
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]: [string, tf.Tensor]) => {
      const dtype = kinds[tensor.dtype as keyof typeof kinds];
      return [`${prefix}/${name}`, { dtype, shape: tensor.shape, data: tensor.dataSync() as Float32Array }];
    }),
  );
}

function tensorOf({ dtype, shape, data }: StoredTensor): tf.Tensor {
  return tf.tensor(data, shape, { F32: "float32", F16: "float32", I32: "int32", BOOL: "bool" }[dtype] as tf.DataType);
}
