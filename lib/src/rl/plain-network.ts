import { refuse } from "../check";
import { tf } from "../tensorflow";

type Activation = "linear" | "tanh" | "relu";

interface Dense {
  inputs: number;
  outputs: number;
  activation: Activation;
  /** Transposed, `[outputs, inputs]`: an output's weights lie side by side. */
  weights: Float32Array;
  biases: Float32Array;
  /** What the last call made, `[rows, outputs]`. */
  values: Float32Array;
}

/**
 * A small network of dense layers in plain numbers: for a few states at a time a trip to TensorFlow costs ten times what
 * the arithmetic does. Its weights are copied from the layers, so `copyWeights()` is due after every update.
 *
 * @example
 * const plain = new PlainNetwork(actor);
 * const logits = plain.forward(observations, envs.count); // [count, actions]
 */
export class PlainNetwork {
  private readonly layers: Dense[];

  /** @throws TypeError where a layer is not dense, or has another activation than linear, tanh or relu */
  constructor(private readonly model: tf.Sequential) {
    this.layers = model.layers.map((layer) => {
      const { units, activation } = layer.getConfig() as { units: number; activation: Activation };
      const known = layer.getClassName() === "Dense" && ["linear", "tanh", "relu"].includes(activation);
      if (!known) {
        const wanted = "dense layers with activation linear, tanh or relu";
        refuse("PlainNetwork()", "model", wanted, `${layer.getClassName()} ${activation ?? ""}`, { kind: TypeError });
      }
      const inputs = layer.weights[0].shape[0]!;
      const [weights, biases] = [new Float32Array(inputs * units), new Float32Array(units)];
      return { inputs, outputs: units, activation, weights, biases, values: new Float32Array(0) };
    });
    this.copyWeights();
  }

  /** Takes over the weights of the layers as they are now. */
  copyWeights(): void {
    this.layers.forEach(({ inputs, outputs, weights, biases }, k) => {
      const [kernel, bias] = this.model.layers[k].weights.map((weight) => weight.read().dataSync());
      for (let j = 0; j < outputs; j++) {
        for (let i = 0; i < inputs; i++) weights[j * inputs + i] = kernel[i * outputs + j];
        biases[j] = bias?.[j] ?? 0;
      }
    });
  }

  /**
   * The network's outputs for `rows` inputs.
   *
   * @param input `[rows, inputs]`, flat
   * @returns `[rows, outputs]`, flat; the same array at every call with as many rows, so copy what has to outlive it
   */
  forward(input: Float32Array, rows: number): Float32Array {
    let values = input;
    for (const layer of this.layers) values = apply(layer, values, rows);
    return values;
  }
}

function apply(layer: Dense, input: Float32Array, rows: number): Float32Array {
  const { inputs, outputs, activation, weights, biases } = layer;
  if (layer.values.length !== rows * outputs) layer.values = new Float32Array(rows * outputs);
  const { values } = layer;
  for (let row = 0; row < rows; row++) {
    const from = row * inputs;
    for (let j = 0; j < outputs; j++) {
      const at = j * inputs;
      // Four sums side by side: each addition would else wait for the one before it.
      let [a, b, c, d] = [biases[j], 0, 0, 0];
      let i = 0;
      for (; i + 3 < inputs; i += 4) {
        a += weights[at + i] * input[from + i];
        b += weights[at + i + 1] * input[from + i + 1];
        c += weights[at + i + 2] * input[from + i + 2];
        d += weights[at + i + 3] * input[from + i + 3];
      }
      for (; i < inputs; i++) a += weights[at + i] * input[from + i];
      const sum = a + b + (c + d);
      values[row * outputs + j] = activation === "tanh" ? Math.tanh(sum) : activation === "relu" && sum < 0 ? 0 : sum;
    }
  }
  return values;
}
