import { examples, Examples } from "../../../lib/src/data/examples";
import { tf } from "../../../lib/src/tensorflow";
import keras from "../../fixtures/train/training.json";

const { features, hidden, classes } = keras.shape;

/** The network of the Keras fixture with the weights that it starts from. */
export function network(): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [features], units: hidden, activation: "relu" }),
      tf.layers.dense({ units: classes }),
    ],
  });
  const values = model.weights.map((weight, i) => tf.tensor(keras.weights[i], weight.shape as number[]));
  model.setWeights(values);
  tf.dispose(values);
  return model;
}

/** The examples of the Keras fixture. */
export function learnable(): Examples<tf.Tensor2D, tf.Tensor1D> {
  return examples(tf.tensor2d(keras.x), tf.tensor1d(keras.y, "int32"));
}

/** All weights as plain numbers, one array for each. */
export function weightsOf(model: tf.LayersModel): number[][] {
  return model.getWeights().map((weight) => Array.from(weight.dataSync()));
}
