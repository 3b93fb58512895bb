import { expect } from "vitest";

export interface CloseOptions {
  /** Largest accepted absolute difference. @default 1e-6 */
  atol?: number;
  /** Largest accepted difference as a share of the expected value. @default 1e-5 */
  rtol?: number;
}

declare module "vitest" {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- must repeat vitest's own type parameter
  interface Matchers<T> {
    /** Compares numbers, arrays and typed arrays element by element: `|got - expected| <= atol + rtol · |expected|`. */
    toBeAllclose(expected: ArrayLike<number> | number, options?: CloseOptions): void;
  }
}

expect.extend({
  toBeAllclose(
    received: ArrayLike<number> | number,
    expected: ArrayLike<number> | number,
    { atol = 1e-6, rtol = 1e-5 }: CloseOptions = {},
  ) {
    const got = typeof received === "number" ? [received] : Array.from(received);
    const want = typeof expected === "number" ? [expected] : Array.from(expected);
    if (got.length !== want.length) {
      return { pass: false, message: () => `expected ${want.length} numbers, got ${got.length}` };
    }
    // Written so that NaN is never close, not even to NaN.
    const worst = got.findIndex((value, i) => !(Math.abs(value - want[i]) <= atol + rtol * Math.abs(want[i])));
    return {
      pass: worst < 0,
      message: () =>
        worst < 0
          ? "expected the numbers to differ"
          : `at ${worst}: expected ${want[worst]} within atol ${atol} and rtol ${rtol}, got ${got[worst]}`,
    };
  },
});
