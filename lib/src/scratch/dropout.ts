import { checkNumber } from "../check";
import type { RandomGenerator } from "../random";
import { map } from "./broadcast";
import { derive, type Tensor } from "./tensor";

/**
 * Dropout as in training: each number is set to zero with probability `rate`, and the rest is enlarged so that the expected
 * value stays: `y = m · x` with `m = 1 / (1 - rate)` or `0`. The gradient goes the way the number went: `∂L/∂x = m · g`.
 *
 * In use there is no dropout; because of the factor there is nothing to make good for.
 *
 * Srivastava et al.: Dropout, 2014.
 *
 * @param rate from 0 up to, not including, 1
 * @param generator where the zeros fall: `random.generator(seed)`
 * @throws RangeError where the rate is out of bounds
 */
export function dropout(x: Tensor, rate: number, generator: RandomGenerator): Tensor {
  checkNumber("dropout()", "rate", rate, {
    min: 0,
    max: 1 - Number.EPSILON,
    remedy: "a rate of 1 would leave nothing.",
  });
  const mask = Float64Array.from(generator.uniforms(x.size), (u) => (u < rate ? 0 : 1 / (1 - rate)));
  return derive(
    map(x, (a, i) => a * mask[i]),
    "dropout",
    [x, (g) => map(g, (gi, i) => gi * mask[i])],
  );
}
