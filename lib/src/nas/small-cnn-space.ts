import { cifar10Scale } from "../models/fast-cifar10";
import { choice, integer, when } from "./gene";
import { planSize, type Plan, type PlanLayer } from "./plan";
import { searchSpace } from "./search-space";

/** The most parameters that a network of `smallCnnSpace` has. */
export const SMALL_CNN_PARAMETERS = 300_000;

/** Shape of one image: `[height, width, channels]`. */
const IMAGE = [32, 32, 3] as const;

/**
 * Some hundreds of small convolutional networks for colour images of 32 × 32 pixels and ten classes, at most 300,000
 * parameters each: few enough to train them all, and then to know how good a search is.
 *
 * Each has three stages. A stage is `depth` convolutions with relu; the stages are parted by a step that halves height and
 * width; the mean of each channel goes into a dense layer, which gives logits.
 */
export const smallCnnSpace = searchSpace(
  {
    /** Convolutions in a stage. */
    depth: integer(1, 3),
    /** Filters of the first stage. */
    width: choice([8, 16, 32]),
    /** What the filters are multiplied by from stage to stage. */
    growth: choice([1, 2]),
    /** Side of the convolutions' kernels. */
    kernel: choice([3, 5]),
    /** How height and width are halved: by a pool, or by the stage's last convolution with strides of 2. */
    pooling: choice(["max", "average", "stride"]),
    /** Whether batch norm follows each convolution. */
    norm: choice(["none", "batch"]),
    /** Whether each convolution but the first of a stage adds to its input. */
    skip: when({ depth: [2, 3] }, choice([false, true])),
  },
  { allow: (genotype) => planSize(smallCnn(genotype), IMAGE).parameters <= SMALL_CNN_PARAMETERS },
);

/** A network of `smallCnnSpace`. */
export type SmallCnn = {
  readonly depth: number;
  readonly width: 8 | 16 | 32;
  readonly growth: 1 | 2;
  readonly kernel: 3 | 5;
  readonly pooling: "max" | "average" | "stride";
  readonly norm: "none" | "batch";
  readonly skip?: boolean;
};

/**
 * The layers of a network of `smallCnnSpace`, for images from 0 to 1, for `toModel(plan, { inputShape: [32, 32, 3] })`; logits `[batch, 10]`.
 *
 * @example toModel(smallCnn(smallCnnSpace.sample(rng)), { inputShape: [32, 32, 3] })
 */
export function smallCnn({ depth, width, growth, kernel, pooling, norm, skip = false }: SmallCnn): Plan {
  const convolution = (filters: number, strides: number): PlanLayer[] => [
    { kind: "conv2d", filters, kernelSize: kernel, strides, bias: norm === "none" },
    // After the table's 250 steps, running means with momentum 0.99 would still be those of the first epochs: up to 14 points.
    ...(norm === "batch" ? ([{ kind: "batchNorm", momentum: 0.9 }] as const) : []),
    { kind: "relu" },
  ];
  const stage = (filters: number, last: boolean): PlanLayer[] =>
    Array.from({ length: depth }, (_, i): PlanLayer[] => {
      const strides = pooling === "stride" && !last && i === depth - 1 ? 2 : 1;
      const layers = convolution(filters, strides);
      return skip && i > 0 && strides === 1 ? [{ kind: "residual", layers }] : layers;
    }).flat();
  const halve: PlanLayer[] =
    pooling === "stride" ? [] : [{ kind: pooling === "max" ? "maxPool" : "averagePool", size: 2 }];
  return [
    { kind: "rescale", ...cifar10Scale },
    ...stage(width, false),
    ...halve,
    ...stage(width * growth, false),
    ...halve,
    ...stage(width * growth ** 2, true),
    { kind: "globalAverage" },
    { kind: "dense", units: 10 },
  ];
}
