/** Layer normalisation without copies of its averages, and with its gradient by formula. */
import { tf } from "../tensorflow";
import { onlyTensor, replaceCall } from "./layer-class";
import { defineGradient, defineKernel, isNative, rawOp, runKernel } from "./raw-op";
import { gradientsWithin } from "./tape";

/** `tf.layers.layerNormalization` over the last axis; over others it stays with TensorFlow.js. */
export function registerLayerNorm(): void {
  defineKernel("LayerNorm", ({ x, scale, offset }, { epsilon }) =>
    tf.tidy(() => {
      const mean = overLast("Mean", x);
      const variance = overLast("Mean", rawOp("SquaredDifference", [x, mean]));
      const inverse = rawOp("Rsqrt", [rawOp("AddV2", [variance, tf.scalar(epsilon as number)])]);
      const normal = rawOp("Mul", [rawOp("Sub", [x, mean]), inverse]);
      return [rawOp("AddV2", [rawOp("Mul", [normal, scale]), offset]), normal, inverse];
    }),
  );
  // Outputs 1 and 2, the normalised x and the inverse deviation, are for the gradient only: nobody differentiates them.
  const saved = { inputs: ["x", "scale"], outputs: [false, true, true] };
  defineGradient("LayerNorm", saved, (dys, [x, scale, normal, inverse], attributes) => {
    const [dy] = dys as unknown as tf.Tensor[];
    const inputs = { dy, x, scale, normal, inverse };
    const [dx, dScale, dOffset] = runKernel<tf.Tensor[]>("LayerNormGrad", inputs, attributes);
    return { x: () => dx, scale: () => dScale, offset: () => dOffset };
  });
  defineKernel("LayerNormGrad", ({ dy, scale, normal, inverse }) =>
    tf.tidy(() => {
      const products = rawOp("Mul", [dy, normal]);
      const scaled = rawOp("Mul", [dy, scale]);
      const along = rawOp("Mul", [normal, overLast("Mean", rawOp("Mul", [products, scale]))]);
      const centred = rawOp("Sub", [scaled, overLast("Mean", scaled)]);
      return [rawOp("Mul", [inverse, rawOp("Sub", [centred, along])]), overRows(products), overRows(dy)];
    }),
  );
  defineGradient(
    "LayerNormGrad",
    { inputs: ["dy", "x", "scale", "normal", "inverse"] },
    (dys, tensors, { epsilon }) => {
      const [dy, x, scale, normal, inverse] = tensors;
      const weights = dys as unknown as tf.Tensor[];
      const objective = (dy: tf.Tensor, x: tf.Tensor, scale: tf.Tensor) => {
        const products = gradientInSteps(dy, x, scale, epsilon as number).map((g, i) => tf.sum(tf.mul(g, weights[i])));
        return tf.addN(products) as tf.Scalar;
      };
      const [ddy, dx, dScale] = gradientsWithin(objective, [dy, x, scale]);
      const none = (t: tf.Tensor) => () => tf.zerosLike(t);
      const rest = { normal: none(normal), inverse: none(inverse) };
      return { dy: () => ddy, x: () => dx, scale: () => dScale, ...rest };
    },
  );
  replaceLayer();
}

/** What the kernel computes, in steps that have gradients. Ba, Kiros and Hinton: Layer normalization. 2016. */
function gradientInSteps(dy: tf.Tensor, x: tf.Tensor, scale: tf.Tensor, epsilon: number): tf.Tensor[] {
  const { mean, variance } = tf.moments(x, -1, true);
  const inverse = tf.rsqrt(tf.add(variance, epsilon));
  const normal = tf.mul(tf.sub(x, mean), inverse);
  const scaled = tf.mul(dy, scale);
  const along = tf.mul(normal, tf.mean(tf.mul(scaled, normal), -1, true));
  const dx = tf.mul(inverse, tf.sub(tf.sub(scaled, tf.mean(scaled, -1, true)), along));
  const rows = Array.from({ length: x.rank - 1 }, (_, i) => i);
  return [dx, tf.sum(tf.mul(dy, normal), rows), tf.sum(dy, rows)];
}

function overLast(op: string, x: tf.Tensor): tf.Tensor {
  return rawOp(op, [x, tf.scalar(-1, "int32")], { keep_dims: true });
}

function overRows(x: tf.Tensor): tf.Tensor {
  const rows = Int32Array.from({ length: x.rank - 1 }, (_, i) => i);
  return rawOp("Sum", [x, tf.tensor1d(rows, "int32")]);
}

/**
 * Normalises each row by itself: `y = scale · (x - mean) / √(variance + epsilon) + offset`, over the last axis.
 *
 * @param x `[..., features]`
 * @param scale `[features]`
 * @param offset `[features]`
 */
export function normalizeLayer(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, epsilon = 1e-3): tf.Tensor {
  return runKernel<tf.Tensor[]>("LayerNorm", { x, scale, offset }, { epsilon })[0];
}

interface LayerNormalization {
  axis: number[];
  epsilon: number;
  gamma?: { read(): tf.Tensor } | null;
  beta?: { read(): tf.Tensor } | null;
}

function replaceLayer(): void {
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
