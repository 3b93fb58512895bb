/** What `tf.train` lacks: schedules, decoupled weight decay, newer optimizers, clipping, averaged weights. */
export { AdamW, type AdamWOptions } from "./adamw";
export { clipByGlobalNorm, globalNorm } from "./clip";
export { Lion, type LionOptions } from "./lion";
export { MovingAverage, type MovingAverageOptions } from "./moving-average";
export { Muon, type MuonOptions, orthogonalize } from "./muon";
export { Optimizer, type OptimizerOptions } from "./optimizer";
export {
  cosine,
  type CosineOptions,
  linear,
  type LinearOptions,
  oneCycle,
  type OneCycleOptions,
  piecewise,
  schedule,
  type Schedule,
  stepDecay,
  type StepDecayOptions,
  warmup,
  type WarmupOptions,
} from "./schedule";
export { Sgd, type SgdOptions } from "./sgd";
