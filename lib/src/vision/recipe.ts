import { checkInteger, checkNumber, checkOptions, refuse } from "../check";

/**
 * All that decides how a network is trained on CIFAR-10, as plain values: what differs between two runs can be read off,
 * and written into a log. `trainRecipe` follows it.
 */
export interface Recipe {
  /** "first" is `models.threeConvolutions` with logits, "groups" `models.fastCifar10`. */
  network: "first" | "groups";
  /** Of `fastCifar10`: filters of the three groups. */
  widths: [number, number, number];
  /** Batch norm after the convolutions. */
  normalize: boolean;
  /** Each group's second convolution adds to what it got. */
  residual: boolean;
  /** Convolutions start as the identity as far as they can. */
  identity: boolean;
  /** A first convolution that whitens, computed from 5,000 training images and not trained. */
  whitening: boolean;
  /** "muon" is for filters; biases and the dense layer then follow `rate` times `othersRate` with Nesterov's momentum. */
  optimizer: "sgd" | "momentum" | "nesterov" | "muon";
  /** The learning rate at its highest. */
  rate: number;
  /** Beside Muon: learning rates of biases and of the dense layer. */
  othersRate: { biases: number; dense: number };
  schedule: "constant" | "oneCycle" | "linear";
  /** Share of each weight that goes in a step, at the highest rate; of filters under Muon none. */
  decay: number;
  /** Mirrored images: at random, or each image in every second epoch. */
  flip: "none" | "random" | "alternating";
  /** Images moved by up to so many pixels. */
  translate: number;
  /** Side of a square that is covered. */
  cutout: number;
  /** Share of the labels spread over all classes. */
  smoothing: number;
  /** Evaluate weights averaged over the last steps with this decay; 0 takes them as they are. */
  average: number;
  epochs: number;
  batchSize: number;
  /** What matrix products and convolutions compute with. */
  precision: "float32" | "bfloat16";
}

/** Lesson 06's network with momentum, in larger batches and for fewer epochs: where the ladder starts. */
export const FIRST_RECIPE: Readonly<Recipe> = {
  network: "first",
  widths: [16, 32, 64],
  normalize: false,
  residual: false,
  identity: false,
  whitening: false,
  optimizer: "momentum",
  rate: 0.1,
  othersRate: { biases: 50, dense: 600 },
  schedule: "constant",
  decay: 0,
  flip: "none",
  translate: 0,
  cutout: 0,
  smoothing: 0,
  average: 0,
  epochs: 4,
  batchSize: 500,
  precision: "float32",
};

/** A recipe of which something is changed. @throws TypeError, RangeError where a value is out of range */
export function changed(recipe: Readonly<Recipe>, change: Partial<Recipe>): Recipe {
  checkOptions("recipe", change, Object.keys(FIRST_RECIPE));
  const next = { ...recipe, ...change };
  const choices = {
    network: ["first", "groups"],
    optimizer: ["sgd", "momentum", "nesterov", "muon"],
    schedule: ["constant", "oneCycle", "linear"],
    flip: ["none", "random", "alternating"],
    precision: ["float32", "bfloat16"],
  } as const;
  for (const [name, wanted] of Object.entries(choices) as [keyof typeof choices, readonly string[]][]) {
    if (!wanted.includes(next[name])) refuse("recipe", name, `one of ${wanted.join(", ")}`, next[name]);
  }
  for (const name of ["epochs", "batchSize"] as const) checkInteger("recipe", name, next[name], { min: 1 });
  for (const name of ["translate", "cutout"] as const) checkInteger("recipe", name, next[name], { min: 0, max: 31 });
  for (const name of ["rate", "decay"] as const) checkNumber("recipe", name, next[name], { min: 0 });
  for (const name of ["smoothing", "average"] as const) checkNumber("recipe", name, next[name], { min: 0, max: 1 });
  return next;
}
