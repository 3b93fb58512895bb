/** Layer normalisation without copies of its averages: 26 ops forward and back, where TensorFlow.js had 1,600. */
import { tf } from "../tensorflow";
import { onlyTensor, replaceCall } from "./layer-class";
import { isNative } from "./raw-op";
import { standardize } from "./standardize";

/**
 * Normalises each row by itself: `y = scale · (x - mean) / √(variance + epsilon) + offset`, over the last axis.
 *
 * @param x `[..., features]`
 * @param scale `[features]`
 * @param offset `[features]`
 */
export function normalizeLayer(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, epsilon = 1e-3): tf.Tensor {
  return standardize(x, scale, offset, [x.rank - 1], epsilon).y;
}

interface LayerNormalization {
  axis: number[];
  epsilon: number;
  gamma?: { read(): tf.Tensor } | null;
  beta?: { read(): tf.Tensor } | null;
}

/** `tf.layers.layerNormalization` over the last axis; over others it stays with TensorFlow.js. */
export function registerLayerNorm(): void {
  replaceCall(
    "LayerNormalization",
    (original) =>
      function (this: LayerNormalization, inputs, kwargs) {
        const x = onlyTensor(inputs);
        const last = x && x.rank > 1 && this.axis.length === 1 && this.axis[0] === x.rank - 1;
        if (!last || x.dtype !== "float32" || !isNative()) return original.call(this as never, inputs, kwargs);
        return tf.tidy(() => {
          const features = [x.shape[x.rank - 1]];
          const scale = this.gamma?.read() ?? tf.ones(features);
          return normalizeLayer(x, scale, this.beta?.read() ?? tf.zeros(features), this.epsilon);
        });
      } as typeof original,
  );
}
