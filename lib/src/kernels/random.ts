/** Random tensors drawn by TensorFlow, on the device. TensorFlow.js draws them in JavaScript, one by one, and uploads. */
import { tf } from "../tensorflow";
import { OpenFunction, replaceFunction } from "../tensorflow/seams";
import { fixedDraw, nextDraw } from "./random-stream";
import { Attributes, defineKernel, isNative, rawOp } from "./raw-op";

type Seed = number | string;
type Draw = (shape: number[], a?: number, b?: number, dtype?: tf.DataType, seed?: Seed) => tf.Tensor;
type DrawStandard = (shape: number[], dtype?: tf.DataType, seed?: Seed) => tf.Tensor;
type DrawIntegers = (shape: number[], min: number, max: number, seed?: Seed) => tf.Tensor;

/**
 * `tf.randomUniform`, `randomUniformInt`, `randomNormal`, `randomStandardNormal`, `truncatedNormal` and `multinomial`.
 * With a seed of their own they give the same numbers every time, without they follow `setRandomSeed`.
 */
export function registerRandom(): void {
  replaceFunction<Draw>("randomUniform", (original) => (shape, min = 0, max = 1, dtype = "float32", seed) => {
    if (dtype === "int32" && isRange(min, max) && canDraw(shape)) return integers(shape, min, max, seed);
    if (dtype !== "float32" || !canDraw(shape)) return original(shape, min, max, dtype, seed);
    return scaled("StatelessRandomUniform", shape, min, max - min, seed);
  });
  replaceFunction<DrawIntegers>(
    "randomUniformInt",
    (original) => (shape, min, max, seed) =>
      isRange(min, max) && canDraw(shape) ? integers(shape, min, max, seed) : original(shape, min, max, seed),
  );
  replaceNormal("randomNormal", "StatelessRandomNormal");
  replaceNormal("truncatedNormal", "StatelessTruncatedNormal");
  replaceFunction<DrawStandard>(
    "randomStandardNormal",
    (original) =>
      (shape, dtype = "float32", seed) =>
        dtype === "float32" && canDraw(shape)
          ? scaled("StatelessRandomNormal", shape, 0, 1, seed)
          : original(shape, dtype, seed),
  );
  defineKernel("Multinomial", ({ logits }, { numSamples, seed, normalized }) => {
    const draw = (seed: tf.Tensor) => {
      const scores = normalized ? rawOp("Log", [logits]) : logits;
      const inputs = [scores, tf.scalar(numSamples as number, "int32"), seed];
      return rawOp("StatelessMultinomial", inputs, { output_dtype: { type: "int32" } });
    };
    // Without a seed, tf.multinomial puts Math.random() in its place: a fraction, which nobody gives as a seed.
    return Number.isInteger(seed) ? fixedDraw(draw, seed as number) : nextDraw(draw);
  });
}

function replaceNormal(name: OpenFunction, op: string): void {
  replaceFunction<Draw>(name, (original) => (shape, mean = 0, std = 1, dtype = "float32", seed) => {
    if (dtype === "float32" && canDraw(shape)) return scaled(op, shape, mean, std, seed);
    if (dtype !== "int32" || !canDraw(shape)) return original(shape, mean, std, dtype, seed);
    return tf.tidy(() => {
      const whole = rawOp("Round", [scaled(op, shape, mean, std, seed)]);
      return rawOp("Cast", [whole], { DstT: { type: "int32" } });
    });
  });
}

/** Uniform numbers in [0, 1) of a shape, from the stream or from a layer's own seed. Not on the gradient tape. */
export function uniform(seed: tf.Tensor, shape: number[]): tf.Tensor {
  return rawOp("StatelessRandomUniform", [tf.tensor1d(shape, "int32"), seed]);
}

function scaled(op: string, shape: number[], offset: number, scale: number, seed?: Seed): tf.Tensor {
  return drawn((words) => {
    let x = rawOp(op, [tf.tensor1d(shape, "int32"), words]);
    if (scale !== 1) x = rawOp("Mul", [x, tf.scalar(scale)]);
    return offset === 0 ? x : rawOp("AddV2", [x, tf.scalar(offset)]);
  }, seed);
}

function integers(shape: number[], min: number, max: number, seed?: Seed): tf.Tensor {
  const attributes: Attributes = { dtype: { type: "int32" } };
  return drawn((words) => {
    const bounds = [tf.scalar(min, "int32"), tf.scalar(max, "int32")];
    return rawOp("StatelessRandomUniformInt", [tf.tensor1d(shape, "int32"), words, ...bounds], attributes);
  }, seed);
}

function drawn(draw: (seed: tf.Tensor) => tf.Tensor, seed: Seed | undefined | null): tf.Tensor {
  return seed === undefined || seed === null ? nextDraw(draw) : fixedDraw(draw, seed);
}

function isRange(min: number, max: number): boolean {
  return Number.isInteger(min) && Number.isInteger(max) && min < max && min >= -(2 ** 31) && max < 2 ** 31;
}

function canDraw(shape: number[]): boolean {
  return isNative() && Array.isArray(shape) && shape.every((n) => Number.isInteger(n) && n >= 0);
}
