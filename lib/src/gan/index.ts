/** Generative adversarial networks: losses, the pair and its two steps, the training loop, measures of samples. */
export { classHistogram, type ClassShare } from "./class-histogram";
export { densityCoverage } from "./density-coverage";
export {
  buildDigitGan,
  COMPARED,
  DIGIT_GANS,
  digitGanFile,
  digitGanLog,
  digitGanRuns,
  digitGanSeeds,
  trainedConditionalDigitGenerator,
  trainedDigitGenerator,
  type DigitGanName,
  type TrainedConditionalDigitGeneratorOptions,
  type TrainedDigitGeneratorOptions,
} from "./digit-gan-runs";
export {
  CORRECTED,
  EQUAL_TIME,
  LONG_TIME,
  NARROW,
  SMALL,
  TOGETHER,
  type GanRecipe,
  type RecipePair,
} from "./gan-recipe";
export { ganRunFile, type GanRunLog, type GanRunRow, type GanRunsOptions } from "./gan-run-log";
export { digitQuality, type DigitQuality } from "./digit-quality";
export { imageQuality, type ImageQuality } from "./image-quality";
export { type ImageReading } from "./image-reading";
export { readPictures } from "./picture-features";
export {
  buildPictureGan,
  PICTURE_GANS,
  pictureGanLog,
  pictureGanRuns,
  pictureGanSeeds,
  trainedPictureGenerator,
  type PictureGanName,
} from "./picture-gan-runs";
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
export { kMeans, type KMeans, type KMeansOptions } from "./k-means";
export { interpolate, truncatedLatents, type InterpolateOptions, type TruncatedLatentsOptions } from "./latent-paths";
export { hinge, leastSquares, minimax, nonSaturating, wasserstein, type GanLoss, type GanLossName } from "./losses";
export { nearestNeighbours, type NearestNeighbours } from "./nearest-neighbours";
export { precisionRecall, type NeighbourOptions } from "./precision-recall";
export { sampleQuality, type QualityRow, type SampleQualityOptions } from "./sample-quality";
export { spectralNorm, type SpectralNormOptions } from "./spectral-norm";
export { trainGan, type TrainGanOptions } from "./train-gan";
