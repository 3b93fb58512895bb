import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { convolution } from "./workload";

/** Numbers the layers: names have to be unique in a model. */
let count = 0;

/** The layers that a description stands for, see workload.ts. */
export function layer(
  tf: typeof tfjs,
  text: string,
  inputShape?: number[],
  before?: (number | null)[],
): tfjs.layers.Layer {
  const [kind, ...words] = text.split(" ");
  const sizes = words.map(Number).filter((value) => !Number.isNaN(value));
  const activation = words.includes("relu") ? "relu" : words.includes("tanh") ? "tanh" : undefined;
  const common = { inputShape, name: `${kind}_${++count}` };
  switch (kind) {
    case "dense":
      return tf.layers.dense({ ...common, units: sizes[0], activation });
    case "conv": {
      const { side: kernelSize, stride: strides } = convolution(words);
      return tf.layers.conv2d({ ...common, kernelSize, strides, filters: sizes[0], padding: "same", activation });
    }
    case "up":
      return tf.layers.conv2dTranspose({ ...common, filters: sizes[0], kernelSize: 4, strides: 2, padding: "same" });
    case "pool":
      return tf.layers.maxPooling2d({ ...common, poolSize: 2 });
    case "norm":
      return tf.layers.batchNormalization(common);
    case "average":
      return tf.layers.globalAveragePooling2d(common);
    case "residual":
      return residual(tf, sizes[0], before!.slice(1) as number[]) as unknown as tfjs.layers.Layer;
    case "flatten":
      return tf.layers.flatten(common);
    case "reshape":
      return tf.layers.reshape({ ...common, targetShape: sizes });
    case "dropout":
      return tf.layers.dropout({ ...common, rate: sizes[0] });
    case "leaky":
      return tf.layers.leakyReLU({ ...common, alpha: 0.2 });
    case "relu":
    case "tanh":
      return tf.layers.activation({ ...common, activation: kind });
    default:
      throw new RangeError(`layer() knows no layer "${text}"`);
  }
}

/** A model of described layers for examples of a shape. */
export function sequential(tf: typeof tfjs, texts: string[], inputShape: number[]): tfjs.Sequential {
  const model = tf.sequential();
  texts.forEach((text, i) => {
    const before = i === 0 ? undefined : (model.outputs[0].shape as number[]);
    model.add(layer(tf, text, i === 0 ? inputShape : undefined, before));
  });
  return model;
}

/** x + f(x), where f is convolution, batch norm and ReLU twice (He et al. 2016, with the ReLU before the sum). */
function residual(tf: typeof tfjs, filters: number, shape: number[]): tfjs.LayersModel {
  const x = tf.input({ shape });
  const block = [`conv ${filters}`, "norm", "relu"];
  const f = [...block, ...block].reduce((y, text) => layer(tf, text).apply(y) as tfjs.SymbolicTensor, x);
  return tf.model({ inputs: x, outputs: tf.layers.add().apply([x, f]) as tfjs.SymbolicTensor });
}
