/**
 * What TensorFlow.js does badly, done by single TensorFlow ops. Importing this registers them, so that plain `tf.*` and
 * `tf.layers` code gains. What is here stays because a measurement shows a gain, or a feature was missing:
 * tests/bench/kernels.ts prints the table.
 */
import { registerAdam } from "./adam";
import { registerBatchNorm, registerBatchNormLayer } from "./batch-norm";
import { registerComparisons } from "./comparisons";
import { registerConvolution } from "./convolution";
import { registerDropout } from "./dropout";
import { registerElu } from "./elu";
import { registerFill } from "./fill";
import { registerGather } from "./gather";
import { registerLayerNorm } from "./layer-norm";
import { registerMatMul } from "./mat-mul";
import { registerPooling } from "./pooling";
import { registerRandom } from "./random";
import { isNative } from "./raw-op";
import { registerReductions } from "./reductions";
import { registerRelu } from "./relu";
import { registerResize } from "./resize";
import { registerSigmoid } from "./sigmoid";
import { registerSingleFilter } from "./single-filter";
import { registerSoftmaxCrossEntropy } from "./softmax-cross-entropy";
import { registerStandardize } from "./standardize";
import { registerTape } from "./tape";

export { joinUpdates } from "./adam";
export { normalizeBatch } from "./batch-norm";
export { normalizeLayer } from "./layer-norm";
export { setRandomSeed } from "./random-stream";
export { sparseSoftmaxCrossEntropy } from "./softmax-cross-entropy";

/**
 * Registers all kernels with the native backend; on another, batch norm without scale or shift is all that it mends. Once is enough, again does no harm: a rebuilt
 * library is evaluated in a process where an older one has registered its own.
 */
export function registerKernels(): void {
  registerBatchNormLayer();
  if (!isNative()) return;
  registerTape();
  registerFill();
  registerMatMul();
  registerReductions();
  registerRelu();
  registerElu();
  registerSigmoid();
  registerComparisons();
  registerPooling();
  registerResize();
  registerConvolution();
  registerSingleFilter();
  registerSoftmaxCrossEntropy();
  registerStandardize();
  registerBatchNorm();
  registerLayerNorm();
  registerRandom();
  registerDropout();
  registerGather();
  registerAdam();
}

registerKernels();
