import { checkInteger, checkOptions, refuse } from "../check";
import { generator } from "../random";
import { tf } from "../tensorflow";

export interface SpectralNormOptions {
  /** Steps of the power iteration in each pass while training. @default 1 */
  iterations?: number;
  /** Where the iteration starts. @default 0 */
  seed?: number | string;
}

/** What is needed of a layer that TensorFlow.js keeps to itself. */
interface Inside {
  kernel: tf.LayerVariable;
  call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean }): tf.Tensor | tf.Tensor[];
  build(shape: tf.Shape | tf.Shape[]): void;
  addWeight(
    name: string,
    shape: number[],
    dtype: "float32",
    initializer: ReturnType<typeof tf.initializers.randomNormal>,
    regularizer: undefined,
    trainable: boolean,
  ): tf.LayerVariable;
}

const WITH_KERNEL = ["Conv1D", "Conv2D", "Dense"];
/** Layers that have been through this: a second time would divide twice. */
const normalised = new WeakSet<tf.layers.Layer>();

/**
 * Layers whose kernel is divided by its largest singular value, `W / σ(W)`: each then stretches no difference of inputs by
 * more than 1 (a convolution up to a factor that its overlap gives), so that a discriminator of them cannot become steep.
 * `Conv1D`, `Conv2D` and `Dense` among those given are changed; the others stay as they are, those inside nested models too.
 *
 * σ is estimated by power iteration on the kernel as a matrix `[inputs, outputs]`, `v ← Wu / |Wu|`, `u ← Wᵀv / |Wᵀv|`,
 * `σ = vᵀWu`, which goes on from pass to pass in training; u and v are weights that are not trained, and count as constants in
 * gradients. Both begin at random, as in `torch.nn.utils.spectral_norm`: before the first pass in training σ is no more than a
 * guess, and some passes later it is still a little small.
 *
 * Miyato et al.: Spectral normalization for generative adversarial networks. ICLR 2018, arXiv:1802.05957.
 *
 * @returns the same layers
 * @throws RangeError for a layer that is built already, or given before; none is changed then
 * @example tf.sequential({ layers: spectralNorm(models.digitDiscriminator()) })
 */
export function spectralNorm(layers: tf.layers.Layer[], options: SpectralNormOptions = {}): tf.layers.Layer[] {
  const where = "spectralNorm()";
  checkOptions(where, options, ["iterations", "seed"]);
  const { iterations = 1, seed = 0 } = options;
  checkInteger(where, "iterations", iterations, { min: 1 });
  const rng = generator(seed).split("spectral norm");
  const changed = layers.filter((layer) => WITH_KERNEL.includes(layer.getClassName()));
  for (const [i, layer] of changed.entries()) {
    if (layer.built) refuse(where, "layers", "new ones, in no model yet", `${layer.name}, which is built`);
    if (normalised.has(layer) || changed.indexOf(layer) < i) {
      refuse(where, "layers", "new ones", `${layer.name}, which is normalised already`);
    }
  }
  for (const layer of changed) {
    normalise(layer, iterations, () => tf.initializers.randomNormal({ seed: rng.integer(0, 2 ** 31) }));
    normalised.add(layer);
  }
  return layers;
}

function normalise(
  layer: tf.layers.Layer,
  iterations: number,
  normal: () => ReturnType<typeof tf.initializers.randomNormal>,
): void {
  const inside = layer as unknown as Inside;
  const [build, call] = [inside.build, inside.call];
  let [u, v]: (tf.LayerVariable | undefined)[] = [];
  inside.build = (shape) => {
    build.call(layer, shape);
    const outputs = inside.kernel.shape[inside.kernel.shape.length - 1]!;
    const inputs = tf.util.sizeFromShape(inside.kernel.shape as number[]) / outputs;
    const vector = (name: string, size: number) => {
      const made = inside.addWeight(name, [size, 1], "float32", normal(), undefined, false);
      tf.tidy(() => void made.write(unit(made.read())));
      return made;
    };
    [u, v] = [vector("u", outputs), vector("v", inputs)];
  };
  inside.call = (inputs, kwargs) =>
    tf.tidy(() => {
      const { kernel } = inside;
      const matrix = tf.reshape(kernel.read(), [v!.shape[0]!, u!.shape[0]!]) as tf.Tensor2D;
      for (let i = 0; kwargs.training && i < iterations; i++) {
        // Read from the variables afterwards: a gradient ends there.
        v!.write(unit(tf.matMul(matrix, u!.read() as tf.Tensor2D)));
        u!.write(unit(tf.matMul(matrix, v!.read() as tf.Tensor2D, true)));
      }
      const sigma = tf.sum(tf.mul(v!.read(), tf.matMul(matrix, u!.read() as tf.Tensor2D)));
      const divided = tf.div(kernel.read(), sigma);
      // The layer takes its kernel from there.
      inside.kernel = { read: () => divided } as unknown as tf.LayerVariable;
      try {
        return call.call(layer, inputs, kwargs);
      } finally {
        inside.kernel = kernel;
      }
    });
}

const unit = (vector: tf.Tensor): tf.Tensor => tf.div(vector, tf.add(tf.norm(vector), 1e-12));
