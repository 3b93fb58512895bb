import { refuse } from "../check";
import { tf } from "../tensorflow";
import { arranged, denseKernel, filledUp } from "./dense-kernel";

type Activation = "linear" | "tanh" | "relu";

interface Dense {
  inputs: number;
  outputs: number;
  activation: Activation;
  /** Weights and biases, in the kernel's order. */
  parameters: Float64Array;
}

/** Rows that pass through the layers together: more would not stay in the processor's nearest cache. */
const ROWS = 32;

/**
 * A small network of dense layers in plain numbers: for a few states at a time a trip to TensorFlow costs fifty times what
 * the arithmetic does. Its weights are copied from the layers, so `copyWeights()` is due after every update.
 *
 * @example
 * const plain = new PlainNetwork(actor);
 * const logits = plain.forward(observations, envs.count); // [count, actions]
 */
export class PlainNetwork {
  private readonly layers: Dense[];
  private readonly outputs: number;
  /** Where the layers' inputs and outputs go in turn, in the kernel's numbers, and what is needed of it. */
  private readonly places: { halves: [number, number]; size: number };
  private values = new Float32Array(0);

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
      return { inputs, outputs: units, activation, parameters: new Float64Array(0) };
    });
    this.outputs = this.layers[this.layers.length - 1].outputs;
    this.copyWeights();
    const start = this.layers.reduce((sum, { parameters }) => sum + parameters.length, 0);
    const half = ROWS * Math.max(...this.layers.flatMap(({ inputs, outputs }) => [inputs, outputs]).map(filledUp));
    this.places = { halves: [start, start + half], size: start + 2 * half };
  }

  /** Takes over the weights of the layers as they are now. */
  copyWeights(): void {
    this.layers.forEach((layer, k) => {
      const [kernel, bias] = this.model.layers[k].weights.map((weight) => weight.read().dataSync());
      layer.parameters = arranged(kernel, bias, layer.outputs);
    });
    const shared = denseKernel();
    if (shared.user === this) shared.user = undefined;
  }

  /**
   * The network's outputs for `rows` inputs.
   *
   * @param input `[rows, inputs]`, flat
   * @returns `[rows, outputs]`, flat; the same array at every call with as many rows, so copy what has to outlive it
   */
  forward(input: Float32Array, rows: number): Float32Array {
    this.takeKernel();
    if (this.values.length !== rows * this.outputs) this.values = new Float32Array(rows * this.outputs);
    for (let first = 0; first < rows; first += ROWS) this.forwardRows(input, first, Math.min(ROWS, rows - first));
    return this.values;
  }

  /** Puts the parameters where the kernel finds them, unless they are still there. */
  private takeKernel(): void {
    const kernel = denseKernel();
    if (kernel.user === this) return;
    kernel.reserve(this.places.size);
    let at = 0;
    for (const { parameters } of this.layers) {
      kernel.numbers.set(parameters, at);
      at += parameters.length;
    }
    kernel.user = this;
  }

  private forwardRows(input: Float32Array, first: number, rows: number): void {
    const { layers, outputs, values } = this;
    const kernel = denseKernel();
    const { numbers } = kernel;
    let [from, to] = this.places.halves;
    let [weights, width] = [0, layers[0].inputs];
    const start = first * width;
    for (let i = 0; i < rows * width; i++) numbers[from + i] = input[start + i];
    for (const layer of layers) {
      kernel.dense(weights, from, width, layer.inputs, to, rows, layer.outputs);
      width = filledUp(layer.outputs);
      if (layer.activation === "tanh") kernel.tanh(to, rows * width);
      else for (let i = to; i < to + rows * width; i++) numbers[i] = plain(numbers[i], layer.activation);
      weights += layer.parameters.length;
      [from, to] = [to, from];
    }
    for (let row = 0; row < rows; row++) {
      for (let j = 0; j < outputs; j++) values[(first + row) * outputs + j] = numbers[from + row * width + j];
    }
  }
}

const plain = (value: number, activation: Activation) => Math.fround(activation === "relu" && value < 0 ? 0 : value);
