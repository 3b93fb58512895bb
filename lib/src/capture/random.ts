/**
 * Random numbers inside of a compiled step. TensorFlow.js draws them in JavaScript, where a recording would freeze them.
 * While a step is recorded, its random functions are TensorFlow's stateless ones instead: their numbers depend on a seed
 * that is an input of the graph and differs from call to call.
 *
 * Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3. SC 2011 (the generator behind these ops).
 */
import { generator } from "../random";
import { tf } from "../tensorflow";
import { core } from "../tensorflow/core";
import { NativeBackend } from "./native";

/** Hands every call of one compiled function its own seed. */
export class Draws {
  private readonly key: number;
  private counter = 0;

  /** @param seed the same seed gives the same sequence of calls the same numbers */
  constructor(seed: number | string = Math.floor(Math.random() * 2 ** 32)) {
    this.key = generator(seed).bits() | 0;
  }

  /** The seed of the coming call. */
  peek(): Int32Array {
    return Int32Array.of(this.key, this.counter);
  }

  /** Goes on to the next `calls` calls. */
  advance(calls = 1): void {
    this.counter = (this.counter + calls) | 0;
  }
}

type Random = "StatelessRandomUniform" | "StatelessRandomNormal" | "StatelessTruncatedNormal";

/** Runs `body` with random functions that draw from `seed`, an int32 tensor of a key and the call's number. */
export function withRandomOps<T>({ backend }: NativeBackend, seed: tf.Tensor1D, body: () => T): T {
  let used = 0;
  const raw = backend as unknown as {
    executeSingleOutput(name: string, attributes: object[], inputs: tf.Tensor[]): tf.Tensor;
  };
  /** A seed of its own for every draw; one given by the program takes the key's place, and still changes with the call. */
  const next = (given: number | string | null | undefined): tf.Tensor =>
    given == null
      ? tf.add(seed, tf.tensor1d([++used, 0], "int32"))
      : tf.add(
          tf.mul(seed, tf.tensor1d([0, 1], "int32")),
          tf.tensor1d([generator(String(given)).bits() | 0, 0], "int32"),
        );
  const draw = (op: Random, shape: number[], given?: number | string | null): tf.Tensor =>
    raw.executeSingleOutput(op, [], [tf.tensor1d(shape, "int32"), next(given)]);
  const affine = (x: tf.Tensor, scale: number, shift: number, dtype?: tf.DataType | null): tf.Tensor => {
    const scaled = scale === 1 ? x : tf.mul(x, scale);
    const shifted = shift === 0 ? scaled : tf.add(scaled, shift);
    return dtype == null || dtype === "float32" ? shifted : tf.cast(shifted, dtype);
  };
  const tidy =
    <A extends unknown[]>(f: (...values: A) => tf.Tensor) =>
    (...values: A): tf.Tensor =>
      tf.tidy(() => f(...values));
  const uniform = tidy(
    (shape: number[], low: number = 0, high: number = 1, dtype: tf.DataType = "float32", given?: number | string) =>
      affine(draw("StatelessRandomUniform", shape, given), high - low, low, dtype),
  );
  const normal = tidy(
    (shape: number[], mean: number = 0, std: number = 1, dtype: tf.DataType = "float32", given?: number) =>
      affine(draw("StatelessRandomNormal", shape, given), std, mean, dtype),
  );
  const replacements: Record<string, (...values: never[]) => unknown> = {
    randomUniform: uniform,
    randomUniformInt: (shape: number[], low: number, high: number, given?: number | string) =>
      uniform(shape, low, high, "int32", given),
    randomNormal: normal,
    randomStandardNormal: (shape: number[], dtype?: tf.DataType, given?: number) => normal(shape, 0, 1, dtype, given),
    truncatedNormal: tidy(
      (shape: number[], mean: number = 0, std: number = 1, dtype: tf.DataType = "float32", given?: number) =>
        affine(draw("StatelessTruncatedNormal", shape, given), std, mean, dtype),
    ),
    multinomial: tidy((logits: tf.Tensor1D | tf.Tensor2D, samples: number, given?: number, normalized = false) => {
      const rows = normalized ? tf.log(logits) : logits;
      const flat = rows.rank === 1;
      const inputs = [flat ? rows.reshape([1, -1]) : rows, tf.scalar(samples, "int32"), next(given || undefined)];
      const drawn = raw.executeSingleOutput("StatelessMultinomial", [INT32_OUTPUT], inputs);
      return flat ? drawn.reshape([-1]) : drawn;
    }),
    dropout: tidy((x: tf.Tensor, rate: number, noiseShape?: number[], given?: number | string) => {
      if (!(rate >= 0 && rate < 1))
        throw new RangeError(`dropout(): rate must be from 0 up to, not including, 1, got ${rate}`);
      if (rate === 0) return x.clone();
      const shape = x.shape.map((size, axis) => noiseShape?.[axis] ?? size);
      // Kept where the draw plus the share to keep reaches 1: the same rule as TensorFlow.js' own.
      const kept = tf.floor(tf.add(uniform(shape, 0, 1, "float32", given), 1 - rate));
      return tf.mul(x, tf.div(kept, 1 - rate));
    }),
  };
  const before = Object.keys(replacements).map((name) => [name, core[name]] as const);
  Object.assign(core, replacements);
  try {
    return body();
  } finally {
    for (const [name, original] of before) core[name] = original;
  }
}

/** `output_dtype: int32` as the binding takes attributes: 4 is its number for attributes that are types. */
const INT32_OUTPUT = { name: "output_dtype", type: 4, value: 3 };
