import fc from "fast-check";
import { expect } from "vitest";
import { scratch, tf } from "../../../lib/src";
import { generator } from "../../../lib/src/random";

/** A tensor of seeded normal numbers. */
export const normal = (seed: number, shape: readonly number[]): scratch.Tensor =>
  scratch.tensor(generator(seed).normals(shape.reduce((a, b) => a * b, 1)), shape);

/** Numbers 0.1 apart in a seeded order: no two are equal, and no small change turns one into a winner or past zero. */
export function apart(seed: number, shape: readonly number[]): scratch.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const order = generator(seed).permutation(size);
  return scratch.tensor(
    Array.from(order, (place) => 0.1 * (place - Math.floor(size / 2)) + 0.05),
    shape,
  );
}

/** One number from a tensor, in which each of its numbers weighs differently: the weights stay the same for a shape. */
export const weighed = (y: scratch.Tensor): scratch.Tensor =>
  y.mul(scratch.constant(generator(7).normals(y.size), y.shape)).sum();

/** The same numbers as a tensor of TensorFlow.js, in float32. */
export const onTensorFlow = ({ data, shape }: scratch.Tensor): tf.Tensor =>
  tf.tensor(Float32Array.from(data), [...shape]);

/** The largest difference from finite differences, as `gradientCheck` measures it. */
export const gradientError = (f: () => scratch.Tensor, inputs: scratch.Tensor[]): number =>
  scratch.gradientCheck(() => weighed(f()), inputs).difference;

export const seed = fc.integer({ min: 0, max: 1e6 });
export const size = (max: number, min = 1) => fc.integer({ min, max });
export const padding = fc.constantFrom<scratch.Padding>("valid", "same", 1, 2);

/** Values and gradients of one layer in PyTorch, as `tests/fixtures/scratch/layers.py` writes them. */
interface TorchCase {
  inputs: Record<string, { shape: number[]; data: number[]; grad: number[] }>;
  shape: number[];
  y: number[];
}

/** Compares a layer's value and its gradients by all inputs, in the fixture's order, with PyTorch's. */
export function expectAsPyTorch(
  { inputs, shape, y: theirs }: TorchCase,
  layer: (...inputs: scratch.Tensor[]) => scratch.Tensor,
  atol = 1e-10,
): void {
  const wanted = Object.values(inputs);
  const tensors = wanted.map(({ data, shape }) => scratch.tensor(data, shape));
  const y = layer(...tensors);
  expect(y.shape).toEqual(shape);
  expect(y.data).toBeAllclose(theirs, { atol: 1e-10 });
  const weights = theirs.map((_, i) => (i + 1) / theirs.length); // those of the fixture
  y.mul(scratch.constant(weights, shape)).sum().backward();
  tensors.forEach(({ grad }, i) => expect(grad.data).toBeAllclose(wanted[i].grad, { atol }));
}
