/** Named networks as honest lists of tf.layers. */
export { fiveConvolutions, threeConvolutions } from "./first-cifar10";
export type { FirstCifar10Options } from "./first-cifar10";
