import { checkInteger, checkOptions } from "../check";
import { glorotUniforms } from "../models/seeded";
import { tf } from "../tensorflow";
import { planSize, type Plan, type PlanLayer } from "./plan";

export interface ToModelOptions {
  /** Shape of one example: `[height, width, channels]`. */
  inputShape: readonly number[];
  /** Where the initial weights come from. @default 0 */
  seed?: number | string;
  /** Networks with more parameters are not built. @default Infinity */
  maxParameters?: number;
  /** Networks with more floating-point operations for one example are not built. @default Infinity */
  maxFlops?: number;
}

/** A network that is over a limit; a search takes it for a failure of the candidate. */
export class TooLargeError extends RangeError {
  override name = "TooLargeError";
}

/**
 * Builds a network of tf.layers from its plan. What it needs is counted before, so that a network that is too large costs
 * nothing.
 *
 * @throws TooLargeError over a limit; RangeError that names the layer which does not fit
 * @example toModel(smallCnn(genotype), { inputShape: [32, 32, 3], maxParameters: 300_000 })
 */
export function toModel(plan: Plan, options: ToModelOptions): tf.LayersModel {
  const where = "toModel()";
  checkOptions(where, options, ["inputShape", "seed", "maxParameters", "maxFlops"]);
  const { inputShape, seed = 0, maxParameters = Infinity, maxFlops = Infinity } = options;
  for (const side of inputShape) checkInteger(where, "the sides of inputShape", side, { min: 1 });
  const { parameters, flops } = planSize(plan, inputShape);
  if (parameters > maxParameters) tooLarge("parameters", parameters, maxParameters);
  if (flops > maxFlops) tooLarge("operations an example", flops, maxFlops);
  const initial = glorotUniforms(seed);
  const input = tf.input({ shape: [...inputShape] });
  return tf.model({ inputs: input, outputs: build(plan, input, initial) });
}

function tooLarge(what: string, count: number, most: number): never {
  const [has, allowed] = [count, most].map((number) => number.toLocaleString("en"));
  throw new TooLargeError(`too large: ${has} ${what}, at most ${allowed}`);
}

type Initial = ReturnType<typeof glorotUniforms>;

function build(plan: Plan, input: tf.SymbolicTensor, initial: Initial): tf.SymbolicTensor {
  return plan.reduce((x, layer) => apply(layer, x, initial), input);
}

function apply(layer: PlanLayer, x: tf.SymbolicTensor, initial: Initial): tf.SymbolicTensor {
  const through = (made: tf.layers.Layer) => made.apply(x) as tf.SymbolicTensor;
  switch (layer.kind) {
    case "conv2d": {
      const { filters, kernelSize, strides = 1, bias: useBias = true } = layer;
      const kernelInitializer = initial();
      return through(tf.layers.conv2d({ filters, kernelSize, strides, useBias, kernelInitializer, padding: "same" }));
    }
    case "batchNorm":
      return through(tf.layers.batchNormalization({ momentum: layer.momentum ?? 0.99 }));
    case "relu":
      return through(tf.layers.reLU());
    case "rescale":
      return through(tf.layers.rescaling({ scale: layer.scale, offset: layer.offset }));
    case "maxPool":
    case "averagePool": {
      const { size: poolSize, strides = poolSize } = layer;
      const options = { poolSize, strides, padding: "same" as const };
      return through(layer.kind === "maxPool" ? tf.layers.maxPooling2d(options) : tf.layers.averagePooling2d(options));
    }
    case "globalAverage":
      return through(tf.layers.globalAveragePooling2d({}));
    case "flatten":
      return through(tf.layers.flatten());
    case "dense":
      return through(tf.layers.dense({ units: layer.units, kernelInitializer: initial() }));
    case "residual":
      return sum([x, build(layer.layers, x, initial)]);
    case "cell": {
      const nodes = [x];
      for (let node = 1; node < layer.nodes; node++) {
        const arriving = layer.edges.filter(({ to }) => to === node);
        if (arriving.length > 0)
          nodes[node] = sum(arriving.map(({ from, layers }) => build(layers, nodes[from], initial)));
      }
      return nodes[layer.nodes - 1];
    }
  }
}

function sum(terms: tf.SymbolicTensor[]): tf.SymbolicTensor {
  return terms.length === 1 ? terms[0] : (tf.layers.add().apply(terms) as tf.SymbolicTensor);
}
