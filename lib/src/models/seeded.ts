import { generator } from "../random";
import { tf } from "../tensorflow";

/**
 * Keras' initial weights, uniform from -a to a with `a = √(6 / (fanIn + fanOut))`, one stream of random numbers for each
 * layer: the same seed gives the same network, and a layer more at the end changes none before it.
 *
 * Glorot and Bengio: Understanding the difficulty of training deep feedforward neural networks. AISTATS 2010.
 *
 * @returns a function that makes the initializer of the next layer each time it is called
 */
export function glorotUniforms(seed: number | string): () => ReturnType<typeof tf.initializers.glorotUniform> {
  const streams = generator(seed).split("initial weights");
  return () => tf.initializers.glorotUniform({ seed: streams.integer(0, 2 ** 31) });
}

/** The class of initializers, which tf.layers asks for and does not export. */
const Initializer = Object.getPrototypeOf(tf.initializers.zeros().constructor) as new () => ReturnType<
  typeof tf.initializers.zeros
>;

/** An initializer that is a function of the shape. @param make a tensor that the layer takes over */
export function initializer(make: (shape: number[]) => tf.Tensor): ReturnType<typeof tf.initializers.zeros> {
  return new (class extends Initializer {
    static readonly className = "Zeros"; // for a saved model, whose weights are put in afterwards
    override apply(shape: number[]): tf.Tensor {
      return make(shape);
    }
  })();
}
