/** Dropout with its mask drawn by TensorFlow. */
import { tf } from "../tensorflow";
import { replaceFunction } from "../tensorflow/seams";
import { onlyTensor, replaceCall } from "./layer-class";
import { uniform } from "./random";
import { fixedDraw, nextDraw } from "./random-stream";
import { isNative, rawOp } from "./raw-op";

type Seed = number | string;
type Dropout = (x: tf.Tensor, rate: number, noiseShape?: (number | null)[], seed?: Seed) => tf.Tensor;

interface DropoutLayer {
  rate: number;
  seed?: number;
  getNoiseShape(input: tf.Tensor): number[] | undefined;
}

/**
 * `tf.dropout`, and the dropout layers. A layer with a seed draws a new mask on every call, as in Keras, and the same
 * sequence of masks after the same `setRandomSeed`; TensorFlow.js would use one mask for ever.
 */
export function registerDropout(): void {
  replaceFunction<Dropout>("dropout", (original) => (x, rate, noiseShape, seed) => {
    const fits = x instanceof tf.Tensor && x.dtype === "float32" && rate > 0 && rate < 1;
    if (!fits || !isNative()) return original(x, rate, noiseShape, seed);
    const draw = (words: tf.Tensor) => mask(words, x, rate, noiseShape);
    return tf.tidy(() => tf.mul(x, seed === undefined || seed === null ? nextDraw(draw) : fixedDraw(draw, seed)));
  });
  for (const name of ["Dropout", "SpatialDropout1D"]) {
    replaceCall(
      name,
      (original) =>
        function (this: DropoutLayer, inputs, kwargs) {
          const x = onlyTensor(inputs);
          const { rate, seed } = this;
          const own = seed !== undefined && seed !== null && kwargs.training && rate > 0 && rate < 1;
          if (!own || x?.dtype !== "float32" || !isNative()) return original.call(this as never, inputs, kwargs);
          const shape = this.getNoiseShape(x);
          return tf.tidy(() =>
            tf.mul(
              x,
              nextDraw((words) => mask(words, x, rate, shape), seed),
            ),
          );
        } as typeof original,
    );
  }
}

/** `1 / (1 - rate)` where a number is kept, else 0, so that the expected sum stays. Srivastava et al., JMLR 2014. */
function mask(seed: tf.Tensor, x: tf.Tensor, rate: number, noiseShape?: (number | null)[] | null): tf.Tensor {
  const sameRank = noiseShape?.length === x.rank;
  const shape = noiseShape ? noiseShape.map((n, i) => n ?? (sameRank ? x.shape[i] : 1)) : x.shape;
  const kept = rawOp("GreaterEqual", [uniform(seed, shape), tf.scalar(rate)]);
  return rawOp("SelectV2", [kept, tf.scalar(1 / (1 - rate)), tf.scalar(0)]);
}
