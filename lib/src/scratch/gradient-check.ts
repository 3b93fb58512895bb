import { checkNumber } from "../check";
import { NdArray } from "./nd-array";
import type { Tensor } from "./tensor";

export interface GradientCheckOptions {
  /** Half the width of the difference. @default 1e-5, near the best for float64: see `numericGradient` */
  h?: number;
}

/** One number whose two gradients differ most. */
export interface GradientCheck {
  /** `max |a - n| / max(1, |a|, |n|)` over all numbers of all inputs: relative for large gradients, absolute for small. */
  difference: number;
  /** Which input, from 0, and which of its numbers. */
  worst: { input: number; index: number; analytic: number; numeric: number };
}

/**
 * The gradient by trying it out, one number at a time: `∂L/∂x ≈ (L(x + h) - L(x - h)) / 2h`.
 *
 * The error of the formula shrinks with `h²`, that of rounding grows with `1/h`. In float64 they meet around
 * `h = ε^(1/3) ≈ 6e-6`, with some 10 digits right; in float32 around `h = 5e-3`, with four.
 *
 * @param loss gives a single number, the same for the same inputs: fix the seed of what is random
 * @param input is changed and put back, number by number
 */
export function numericGradient(loss: () => Tensor, input: Tensor, { h = 1e-5 }: GradientCheckOptions = {}): NdArray {
  checkNumber("numericGradient()", "h", h, { min: Number.MIN_VALUE });
  const { data } = input;
  const slopes = data.map((value, i) => {
    data[i] = value + h;
    const above = loss().item();
    data[i] = value - h;
    const below = loss().item();
    data[i] = value;
    return (above - below) / (2 * h);
  });
  return new NdArray(slopes, input.shape);
}

/**
 * Compares the gradients of `backward` with those of `numericGradient`, for every number of every input.
 *
 * @param loss a function of the inputs that gives a single number; called twice for each number
 * @example gradientCheck(() => x.matmul(w).tanh().sum(), [x, w]).difference // about 1e-10
 */
export function gradientCheck(
  loss: () => Tensor,
  inputs: readonly Tensor[],
  options: GradientCheckOptions = {},
): GradientCheck {
  for (const input of inputs) input.zeroGrad();
  loss().backward();
  let result: GradientCheck = { difference: 0, worst: { input: 0, index: 0, analytic: 0, numeric: 0 } };
  inputs.forEach((input, at) => {
    const numericals = numericGradient(loss, input, options);
    input.grad.data.forEach((analytic, index) => {
      const numeric = numericals.data[index];
      const difference = Math.abs(analytic - numeric) / Math.max(1, Math.abs(analytic), Math.abs(numeric));
      // NaN is worse than any number: it takes the place of one, and none takes its place.
      if (difference <= result.difference || Number.isNaN(result.difference)) return;
      result = { difference, worst: { input: at, index, analytic, numeric } };
    });
  });
  return result;
}
