/** The training loop, what it measures, and how it stops and goes on. */
export type { CheckpointOptions } from "./checkpoint";
export { evaluate, predict, predictLabels } from "./evaluate";
export type { EvaluateOptions, Evaluation } from "./evaluate";
export { fit } from "./fit";
export type { FitOptions } from "./fit-options";
export { History } from "./history";
export type { HistoryRow, StepRow, Stopped } from "./history";
export { inspectLayers } from "./inspect-layers";
export type { InspectLayersOptions, LayerSignals, Signal } from "./inspect-layers";
export { labelSmoothing } from "./label-smoothing";
export { crossEntropy, meanSquaredError, sigmoidCrossEntropy, softmaxCrossEntropy } from "./losses";
export type { LossFunction, LossName } from "./losses";
export { accuracy, binaryAccuracy, meanAbsoluteError } from "./metrics";
export type { MetricFunction, MetricName, Metrics } from "./metrics";
export { predictViews } from "./views";
export type { PredictViewsOptions } from "./views";
export type { StepFunction } from "./step";
export type { ConvergedOptions, EarlyStoppingOptions } from "./stopping";
