/** Generative adversarial networks: losses, the pair and its two steps, the training loop, measures of samples. */
export { classHistogram, type ClassShare } from "./class-histogram";
export { densityCoverage } from "./density-coverage";
export {
  buildDigitGan,
  CORRECTED,
  DIGIT_GANS,
  digitGanFile,
  digitGanLog,
  digitGanRuns,
  trainedDigitGenerator,
  type DigitGanLog,
  type DigitGanName,
  type DigitGanRecipe,
  type DigitGanRow,
} from "./digit-gan-runs";
export { digitQuality, type DigitQuality } from "./digit-quality";
export { readDigits, type DigitReading } from "./digit-features";
export { frechetDistance } from "./frechet-distance";
export {
  Gan,
  type DiscriminatorValues,
  type GanOptions,
  type GeneratorValues,
  type SampleOptions,
  type SimultaneousValues,
} from "./gan";
export { gradientPenalty, r1Penalty, type Critic } from "./gradient-penalty";
export { interpolate, truncatedLatents, type InterpolateOptions } from "./latent-paths";
export { hinge, leastSquares, minimax, nonSaturating, wasserstein, type GanLoss, type GanLossName } from "./losses";
export { nearestNeighbours, type NearestNeighbours } from "./nearest-neighbours";
export { precisionRecall, type NeighbourOptions } from "./precision-recall";
export { sampleQuality, type QualityRow, type SampleQualityOptions } from "./sample-quality";
export { spectralNorm, type SpectralNormOptions } from "./spectral-norm";
export { trainGan, type TrainGanOptions } from "./train-gan";
