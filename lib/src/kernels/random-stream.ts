/**
 * Where TensorFlow's random numbers come from: a seed and the number of draws so far, in one int32 variable. A compiled
 * function takes it as an input and gives it back, so that it draws anew on every call, and follows the seed.
 */
import { randomInt } from "node:crypto";
import { checkInteger } from "../check";
import { generator } from "../random";
import { tf } from "../tensorflow";
import { rawOp } from "./raw-op";

const NAME = "nablab/random";

/**
 * Starts the random numbers of `tf.random*`, `tf.multinomial` and dropout anew: the same seed gives the same numbers,
 * eager or compiled, whenever it is set. Without it, every process draws others.
 *
 * Draws with a seed of their own, such as an initializer's, don't depend on it.
 *
 * @param seed an integer from 0 to 2³¹ - 1
 * @throws TypeError, RangeError for any other seed
 */
export function setRandomSeed(seed: number): void {
  checkInteger("setRandomSeed()", "seed", seed, { min: 0, max: 2 ** 31 - 1 });
  tf.tidy(() => stream().assign(tf.tensor1d([seed, 0], "int32")));
}

/** Found by its name, for a rebuilt library goes on with the same stream; made again after `tf.disposeVariables()`. */
function stream(): tf.Variable {
  const known = tf.engine().state.registeredVariables[NAME];
  if (known && !known.isDisposed) return known;
  const start = tf.tensor1d([randomInt(2 ** 31 - 1), 0], "int32");
  const made = tf.variable(start, false, NAME);
  start.dispose();
  return made;
}

/**
 * Takes the next draw's seed from the stream, and lets `draw` use it.
 *
 * @param own a layer's own seed in the place of the stream's: `[own, draws so far]`
 */
export function nextDraw(draw: (seed: tf.Tensor) => tf.Tensor, own?: number | string): tf.Tensor {
  return tf.tidy(() => {
    const state = stream();
    const drawn = draw(own === undefined ? state : withSeed(state, own));
    state.assign(rawOp("AddV2", [state, tf.tensor1d([0, 1], "int32")]));
    return drawn;
  });
}

function withSeed(state: tf.Tensor, own: number | string): tf.Tensor {
  const draws = rawOp("Mul", [state, tf.tensor1d([0, 1], "int32")]);
  return rawOp("AddV2", [draws, tf.tensor1d([words(own)[0], 0], "int32")]);
}

/** The seed of a draw that is the same every time. */
export function fixedDraw(draw: (seed: tf.Tensor) => tf.Tensor, seed: number | string): tf.Tensor {
  return tf.tidy(() => draw(tf.tensor1d(words(seed), "int32")));
}

/** Two int32 words of any seed that TensorFlow.js takes: negative ones, fractions and texts too. */
function words(seed: number | string): [number, number] {
  const plain = typeof seed === "number" && Number.isSafeInteger(seed) && seed >= 0;
  const source = generator(plain ? seed : `${typeof seed}:${seed}`);
  return [source.bits() | 0, source.bits() | 0];
}
