/** Softmax cross-entropy as TensorFlow's one op, which computes loss and gradient together: thirty ops otherwise. */
import { checkDtype, refuse } from "../check";
import { tf } from "../tensorflow";
import { defineGradient, defineKernel, isNative, rawOp, rawOps, runKernel } from "./raw-op";

const LOSS = "SoftmaxCrossEntropyWithLogits";
const SPARSE = "SparseSoftmaxCrossEntropyWithLogits";

/** `tf.losses.softmaxCrossEntropy`, and the kernel behind `sparseSoftmaxCrossEntropy`. */
export function registerSoftmaxCrossEntropy(): void {
  defineKernel(LOSS, ({ logits, labels }) => rawOps(LOSS, [logits, labels], 2));
  defineGradient(LOSS, { inputs: ["logits", "labels"], outputs: [false, true] }, (dys, [logits, labels, residual]) => {
    const [dy] = dys as unknown as tf.Tensor[];
    return {
      logits: () => runKernel(`${LOSS}Grad`, { dy, logits, labels, residual }),
      labels: () => tf.mul(tf.expandDims(dy, -1), tf.neg(tf.logSoftmax(logits))),
    };
  });
  defineKernel(SPARSE, ({ logits, labels }) => rawOps(SPARSE, [logits, labels], 2));
  defineGradient(SPARSE, { inputs: ["logits"], outputs: [false, true] }, (dys, [logits, residual]) => {
    const [dy] = dys as unknown as tf.Tensor[];
    return { logits: () => runKernel(`${SPARSE}Grad`, { dy, logits, residual }) };
  });
  // residual = softmax(logits) - labels is computed already. Its dependence on logits and labels is declared here, so
  // that it needs no gradient of its own.
  for (const name of [`${LOSS}Grad`, `${SPARSE}Grad`]) {
    defineKernel(name, ({ dy, residual }) => scaleRows(residual, dy));
    defineGradient(name, { inputs: ["dy", "logits", "residual"] }, (ddx, [dy, logits, residual]) => ({
      dy: () => tf.sum(tf.mul(ddx, residual), -1),
      logits: () => {
        const p = tf.softmax(logits);
        const centred = tf.sub(ddx, tf.sum(tf.mul(ddx, p), -1, true));
        return tf.mul(tf.expandDims(dy, -1), tf.mul(centred, p));
      },
      labels: () => tf.neg(tf.mul(tf.expandDims(dy, -1), ddx)),
      residual: () => tf.zerosLike(residual),
    }));
  }
  replaceLoss();
}

function scaleRows(x: tf.Tensor, scale: tf.Tensor): tf.Tensor {
  return tf.tidy(() => rawOp("Mul", [x, rawOp("ExpandDims", [scale, tf.scalar(-1, "int32")])]));
}

const ORIGINAL = Symbol.for("nablab.original");
type Loss = typeof tf.losses.softmaxCrossEntropy & { [ORIGINAL]?: Loss };

/** What is no tensor of float32, or does not match, is left to TensorFlow.js, which converts it or says what is wrong. */
function replaceLoss(): void {
  const losses = tf.losses as { softmaxCrossEntropy: Loss };
  const original = losses.softmaxCrossEntropy[ORIGINAL] ?? losses.softmaxCrossEntropy;
  const replacement: Loss = (labels, logits, weights, labelSmoothing = 0, reduction) => {
    const fits =
      isFloat(labels) && isFloat(logits) && logits.rank > 1 && tf.util.arraysEqual(labels.shape, logits.shape);
    if (!fits || !isNative()) return original(labels, logits, weights, labelSmoothing, reduction);
    return tf.tidy(() => {
      const classes = logits.shape[logits.rank - 1];
      const smooth = labelSmoothing > 0 ? tf.add(tf.mul(labels, 1 - labelSmoothing), labelSmoothing / classes) : labels;
      const [loss] = runKernel<tf.Tensor[]>(LOSS, { logits: asRows(logits), labels: asRows(smooth) });
      return tf.losses.computeWeightedLoss(tf.reshape(loss, logits.shape.slice(0, -1)), weights, reduction);
    }) as never;
  };
  replacement[ORIGINAL] = original;
  losses.softmaxCrossEntropy = replacement;
}

/**
 * Cross-entropy of logits with class numbers, without a detour over one-hot labels:
 * `loss = log Σ exp(logits) - logits[label]`, one number for each row.
 *
 * @param labels int32, `[...]`, from 0 to `classes - 1`
 * @param logits float32, `[..., classes]`, before any softmax
 * @returns `[...]`; take `tf.mean` of it to train
 * @throws TypeError where labels are no int32 or logits no float32, RangeError where their shapes don't match
 */
export function sparseSoftmaxCrossEntropy(labels: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  const where = "sparseSoftmaxCrossEntropy()";
  checkDtype(where, "labels", labels, ["int32"], "labels.toInt().");
  checkDtype(where, "logits", logits, ["float32"]);
  const shape = logits.shape.slice(0, -1);
  if (logits.rank < 1 || !tf.util.arraysEqual(labels.shape, shape)) {
    refuse(where, "labels", `a tensor of shape [${shape}], one label for each row of logits`, labels);
  }
  return tf.tidy(() => {
    if (!isNative()) {
      const picked = tf.mul(tf.logSoftmax(logits), tf.oneHot(labels, logits.shape[logits.rank - 1]));
      return tf.neg(tf.sum(picked, -1));
    }
    const [loss] = runKernel<tf.Tensor[]>(SPARSE, { logits: asRows(logits), labels: tf.reshape(labels, [-1]) });
    return tf.reshape(loss, shape);
  });
}

function asRows(x: tf.Tensor): tf.Tensor {
  return x.rank === 2 ? x : tf.reshape(x, [-1, x.shape[x.rank - 1]]);
}

function isFloat(value: unknown): value is tf.Tensor {
  return value instanceof tf.Tensor && value.dtype === "float32";
}
