/** Generative adversarial networks: losses, the pair and its two steps, the training loop. */
export { Gan, type DiscriminatorValues, type GanOptions, type GeneratorValues } from "./gan";
export { gradientPenalty, r1Penalty, type Critic } from "./gradient-penalty";
export { hinge, leastSquares, minimax, nonSaturating, wasserstein, type GanLoss, type GanLossName } from "./losses";
export { trainGan, type TrainGanOptions } from "./train-gan";
