import { Snapshot } from "../capture/variables";
import { checkOptions, refuse } from "../check";
import { checkExamples } from "../data/examples";
import { freeTape } from "../kernels/tape";
import { tf } from "../tensorflow";
import { LossFunction } from "./losses";
import { checkFit, objectiveOf, ObjectiveOptions } from "./objective";

/** The numbers of a tensor and the gradients of the loss by them, both in row-major order. */
export interface Signal {
  shape: number[];
  values: Float32Array;
  /** `∂loss/∂value` for each value; 0 where the loss does not depend on it. */
  gradients: Float32Array;
}

/** What went forward through a layer, and what came back. */
export interface LayerSignals {
  /** The layer's name in the model, `dense_Dense1`. */
  layer: string;
  /** Its kind: `Dense`, `Conv2D`, `Dropout`. */
  kind: string;
  /** What the layer put out, `[batch, …]`: its activations, behind its activation function. */
  outputs: Signal;
  /** What it learns, by the short name of each weight: `kernel`, `bias`. Empty where it learns nothing. */
  weights: Record<string, Signal>;
}

export interface InspectLayersOptions extends Pick<ObjectiveOptions, "loss"> {
  /** Whether dropout, batch normalization and their like behave as in training. @default true */
  training?: boolean;
}

/**
 * Looks into a network for one batch: the activations of every layer on the way forward, and on the way back the gradients
 * of the loss, the mean over the batch, by them and by the weights. Nothing is trained: weights, moving averages and the
 * random numbers that come next are the same afterwards.
 *
 * The results are plain arrays, so that there is nothing to dispose of; take a batch of some hundred examples, not a data
 * set. Layers of models within the model are listed one by one, input layers left out.
 *
 * @param model one input, one output, each layer used once
 * @param batch inputs, float32 `[batch, …]`, and labels or targets, `[batch, …]`
 * @returns the layers in the order in which the model holds them
 * @throws TypeError where x is not float32; RangeError where the batch does not fit the model, where a layer is used more
 *   than once or has several outputs, and where the loss is no scalar
 *
 * @example for (const { layer, outputs } of inspectLayers(model, { x, y })) console.log(layer, outputs.gradients);
 */
export function inspectLayers(
  model: tf.LayersModel,
  batch: { x: tf.Tensor; y: tf.Tensor },
  options: InspectLayersOptions = {},
): LayerSignals[] {
  const where = "inspectLayers()";
  checkOptions(where, options, ["loss", "training"]);
  checkExamples(where, batch);
  checkFit(where, model, batch);
  const { x, y } = batch;
  if (x.dtype !== "float32") {
    refuse(where, "x", "float32, since gradients flow back to it", x, { kind: TypeError, remedy: "x.toFloat()." });
  }
  const { loss } = objectiveOf(where, model, y, { loss: options.loss, metrics: [] });
  const before = new Snapshot();
  const taps: Tap[] = [];
  try {
    for (const layer of new Set(layersOf(model))) taps.push(new Tap(where, layer));
    const found: LayerSignals[] = [];
    tf.tidy(() => {
      const cost = () => {
        const predictions = model.apply(x, { training: options.training ?? true }) as tf.Tensor;
        taps.forEach((tap) => tap.checkUsed());
        return scalarLoss(where, loss, y, predictions);
      };
      // One list for all layers, so that there is a single pass back. With x in it, the pass goes through every layer.
      const weights = taps.flatMap((tap) => tap.weights);
      const [, ...gradients] = tf.engine().gradients(cost, [x, ...weights]).grads as (tf.Tensor | undefined)[];
      for (const tap of taps) found.push(tap.read(gradients.splice(0, tap.weights.length)));
    });
    return found;
  } catch (error) {
    freeTape();
    throw error;
  } finally {
    taps.forEach((tap) => tap.remove());
    before.restore();
  }
}

/** The layers that compute, those of models within the model as well. */
function layersOf(model: tf.LayersModel): tf.layers.Layer[] {
  return model.layers.flatMap((layer) => {
    if (layer instanceof tf.LayersModel) return layersOf(layer);
    return layer.getClassName() === "InputLayer" ? [] : [layer];
  });
}

function scalarLoss(where: string, loss: LossFunction, y: tf.Tensor, predictions: tf.Tensor): tf.Scalar {
  const value: tf.Tensor = loss(y, predictions);
  if (value.rank === 0) return value as tf.Scalar;
  return refuse(where, "the loss", "a scalar", value, { remedy: "return its mean over the batch." });
}

/**
 * Sits behind a layer and catches what it puts out, and the gradient that comes back. Both are kept by hand: they are made
 * while gradients are recorded or followed, and would be freed with all else there.
 */
class Tap {
  readonly weights: tf.Variable[];
  private uses = 0;
  private output?: tf.Tensor;
  private gradient?: tf.Tensor;

  constructor(
    private readonly where: string,
    private readonly layer: tf.layers.Layer,
  ) {
    this.weights = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const call = layer.call.bind(layer);
    layer.call = (inputs, kwargs) => this.through(call(inputs, kwargs));
  }

  /** The same tensor for whoever comes next. */
  private through(output: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const { where, layer } = this;
    const [tensor, ...others] = Array.isArray(output) ? output : [output];
    if (others.length > 0) refuse(where, `the number of outputs of the layer ${layer.name}`, "1", 1 + others.length);
    this.uses++;
    this.output ??= tf.keep(tensor.clone());
    return tf.customGrad((given) => ({
      value: (given as tf.Tensor).clone(),
      gradFunc: (gradient: tf.Tensor) => {
        this.gradient = tf.keep(gradient.clone());
        return gradient.clone();
      },
    }))(tensor);
  }

  checkUsed(): void {
    if (this.uses === 1) return;
    const remedy = "make a layer of its own for each place, or look at a model without it.";
    refuse(this.where, `the number of uses of the layer ${this.layer.name}`, "1", this.uses, { remedy });
  }

  /** @param gradients of the loss by this layer's weights */
  read(gradients: (tf.Tensor | undefined)[]): LayerSignals {
    const long = this.layer.trainableWeights.map(({ originalName }) => originalName);
    const short = long.map((name) => name.split("/").at(-1)!.replace(/_\d+$/, ""));
    // A wrapper such as Bidirectional has several kernels.
    const names = new Set(short).size === short.length ? short : long;
    return {
      layer: this.layer.name,
      kind: this.layer.getClassName(),
      outputs: signal(this.output!, this.gradient),
      weights: Object.fromEntries(this.weights.map((weight, i) => [names[i], signal(weight, gradients[i])])),
    };
  }

  remove(): void {
    delete (this.layer as Partial<tf.layers.Layer>).call; // shows the class's own method again
    tf.dispose([this.output, this.gradient].filter((tensor) => tensor !== undefined));
  }
}

const signal = (tensor: tf.Tensor, gradient: tf.Tensor | undefined): Signal => ({
  shape: [...tensor.shape],
  values: Float32Array.from(tensor.dataSync()),
  gradients: gradient ? Float32Array.from(gradient.dataSync()) : new Float32Array(tensor.size),
});
