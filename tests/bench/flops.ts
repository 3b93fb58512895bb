import { convolution, Workload } from "./workload";

/**
 * Floating-point operations of the matrix products and convolutions of a step, two for each multiplication with its
 * addition. What the mathematics needs, not what an implementation does: the gradient of a layer's input and that of its
 * weights take as much as its output, and nobody needs the gradient of the data.
 */
export function flops({ task, layers, generator = [], input, batch }: Workload): number {
  const { total, first } = forward(layers, input);
  switch (task) {
    case "infer":
    case "limit":
      return batch * total;
    case "classify":
      return batch * (3 * total - first);
    case "ppo": {
      const [policy, value] = ["dense 4", "dense 1"].map((last) => forward([...layers, last], input));
      return batch * (3 * (policy.total + value.total) - policy.first - value.first);
    }
    case "gan": {
      const maker = forward(generator, [100]);
      const judging = maker.total + 2 * (3 * total - first);
      const making = 3 * maker.total - maker.first + 2 * total;
      return batch * (judging + making);
    }
  }
}

/** Operations for one example: of all layers, and of the first. */
export function forward(layers: readonly string[], input: readonly number[]): { total: number; first: number } {
  let shape = [...input];
  const costs = layers.map((text) => {
    const [kind, ...words] = text.split(" ");
    const sizes = words.map(Number).filter((value) => !Number.isNaN(value));
    const [height, width, channels] = shape;
    switch (kind) {
      case "dense": {
        const cost = 2 * shape[0] * sizes[0];
        shape = [sizes[0]];
        return cost;
      }
      case "conv": {
        const { side, stride } = convolution(words);
        shape = [height / stride, width / stride, sizes[0]];
        return 2 * side * side * channels * elements(shape);
      }
      case "up":
        shape = [2 * height, 2 * width, sizes[0]];
        // Each value of the input is multiplied with the whole filter.
        return 2 * 4 * 4 * sizes[0] * height * width * channels;
      case "residual":
        return 2 * (2 * 3 * 3 * channels * elements(shape));
      case "pool":
        shape = [Math.floor(height / 2), Math.floor(width / 2), channels];
        return 0;
      case "average":
        shape = [channels];
        return 0;
      case "flatten":
        shape = [elements(shape)];
        return 0;
      case "reshape":
        shape = sizes;
        return 0;
      default:
        return 0;
    }
  });
  return { total: costs.reduce((a, b) => a + b, 0), first: costs[0] };
}

const elements = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
