/** Named networks as honest lists of tf.layers, and what their first layers are made of. */
export { fiveConvolutions, threeConvolutions } from "./first-cifar10";
export type { FirstCifar10Options } from "./first-cifar10";
export { cifar10Scale, fastCifar10 } from "./fast-cifar10";
export type { FastCifar10Options } from "./fast-cifar10";
export { whiteningKernel } from "./whitening";
export type { WhiteningOptions } from "./whitening";
export { digitClassifier, digitClassifierFile, digitClassifierLayers, digitFeatureLayer } from "./digit-classifier";
export type { DigitClassifierOptions } from "./digit-classifier";
export { loadWeights, saveWeights, trainedModel } from "./weights-file";
export { digitDiscriminator, digitGenerator } from "./digit-gan";
export type { ImageDiscriminatorOptions, ImageGeneratorOptions } from "./gan-layers";
export { pictureDiscriminator, pictureGenerator } from "./picture-gan";
export { conditionalDigitDiscriminator, conditionalDigitGenerator } from "./conditional-digit-gan";
export type { ConditionalDigitDiscriminatorOptions, ConditionalDigitGeneratorOptions } from "./conditional-digit-gan";
