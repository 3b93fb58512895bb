/** Learning-rate schedules: how the rate changes from step to step, as a factor. */
import { checkFunction, checkInteger, checkNumber, refuse } from "../check";

/**
 * A factor for the learning rate, by the number of steps done, from 0. It is constant from `steps` on.
 *
 * An optimizer multiplies its learning rate by it, inside the graph of a compiled step: no call records anew, and each
 * step of a `scan` has its own rate.
 */
export interface Schedule {
  (step: number): number;
  /** From here on the factor stays as it is. */
  readonly steps: number;
}

/**
 * Makes a schedule of any function.
 *
 * @param factor from the number of steps done to a factor from 0 up
 * @param steps from here on the factor stays `factor(steps)`
 */
export function schedule(factor: (step: number) => number, steps: number): Schedule {
  checkFunction("schedule()", "factor", factor);
  checkInteger("schedule()", "steps", steps, { min: 0, max: 2 ** 24 });
  return Object.assign((step: number) => factor(Math.min(step, steps)), { steps });
}

export interface CosineOptions {
  /** How long it takes to come down. */
  steps: number;
  /** Where it ends. @default 0 */
  to?: number;
}

/**
 * Down along half a cosine: `to + (1 - to) · (1 + cos(π step / steps)) / 2`.
 *
 * Loshchilov and Hutter: SGDR. ICLR 2017.
 */
export function cosine({ steps, to = 0 }: CosineOptions): Schedule {
  checkInteger("cosine()", "steps", steps, { min: 1 });
  checkNumber("cosine()", "to", to, { min: 0 });
  return schedule((step) => along(cosineShare, 1, to, step / steps), steps);
}

export interface LinearOptions {
  steps: number;
  /** Where it starts. @default 1 */
  from?: number;
  /** Where it ends. @default 0 */
  to?: number;
}

/** Along a straight line: `from + (to - from) · step / steps`. */
export function linear({ steps, from = 1, to = 0 }: LinearOptions): Schedule {
  checkInteger("linear()", "steps", steps, { min: 1 });
  checkNumber("linear()", "from", from, { min: 0 });
  checkNumber("linear()", "to", to, { min: 0 });
  return schedule((step) => along((share) => share, from, to, step / steps), steps);
}

export interface StepDecayOptions {
  /** Steps from one drop to the next. */
  every: number;
  /** What is left after a drop. @default 0.1 */
  factor?: number;
}

/** Down in steps: `factor^⌊step / every⌋`, and constant once that is below 10⁻⁸. */
export function stepDecay({ every, factor = 0.1 }: StepDecayOptions): Schedule {
  checkInteger("stepDecay()", "every", every, { min: 1 });
  if (!(factor > 0 && factor < 1)) refuse("stepDecay()", "factor", "a number between 0 and 1", factor);
  const drops = Math.ceil(Math.log(1e-8) / Math.log(factor));
  return schedule((step) => factor ** Math.floor(step / every), every * drops);
}

/**
 * One factor after another: `factors[0]` up to step `boundaries[0]`, then `factors[1]`, and so on.
 *
 * @throws RangeError where boundaries don't rise, or factors aren't one more than boundaries
 */
export function piecewise(boundaries: readonly number[], factors: readonly number[]): Schedule {
  boundaries.forEach((at, i) =>
    checkInteger("piecewise()", `boundaries[${i}]`, at, { min: (boundaries[i - 1] ?? 0) + 1 }),
  );
  factors.forEach((factor, i) => checkNumber("piecewise()", `factors[${i}]`, factor, { min: 0 }));
  if (factors.length !== boundaries.length + 1) {
    refuse("piecewise()", "factors", `${boundaries.length + 1} numbers, one more than boundaries`, factors);
  }
  return schedule(
    (step) => factors[boundaries.filter((at) => at <= step).length],
    boundaries[boundaries.length - 1] ?? 0,
  );
}

export interface WarmupOptions {
  /** How long it takes to come up. */
  steps: number;
  /** Where it starts. @default 0 */
  from?: number;
  /** What follows, with its own steps counted from the end of the warm-up. @default always 1 */
  then?: Schedule;
}

/**
 * Up along a straight line, then another schedule: large early steps throw a network off before Adam's averages or batch
 * norm know its gradients.
 *
 * Goyal et al.: Accurate, large minibatch SGD. 2017, section 2.2.
 */
export function warmup({ steps, from = 0, then = schedule(() => 1, 0) }: WarmupOptions): Schedule {
  checkInteger("warmup()", "steps", steps, { min: 1 });
  checkNumber("warmup()", "from", from, { min: 0 });
  checkFunction("warmup()", "then", then, "a schedule, such as cosine({ steps: 1000 }).");
  return schedule(
    (step) => (step < steps ? along((share) => share, from, then(0), step / steps) : then(step - steps)),
    steps + then.steps,
  );
}

export interface OneCycleOptions {
  /** Length of the whole cycle. */
  steps: number;
  /** Share of the cycle on the way up. @default 0.3 */
  rise?: number;
  /** Where it starts. @default 1/25 */
  from?: number;
  /** Where it ends. @default 1/250000 */
  to?: number;
}

/**
 * Up to the learning rate and down to almost nothing, both along half a cosine: high rates in the middle act as a
 * regulariser and save steps.
 *
 * Smith and Topin: Super-convergence. 2017; with the cosine of fastai and PyTorch's OneCycleLR.
 */
export function oneCycle({ steps, rise = 0.3, from = 1 / 25, to = 1 / 250_000 }: OneCycleOptions): Schedule {
  checkInteger("oneCycle()", "steps", steps, { min: 2 });
  checkNumber("oneCycle()", "rise", rise, { min: 0, max: 1 });
  checkNumber("oneCycle()", "from", from, { min: 0 });
  checkNumber("oneCycle()", "to", to, { min: 0 });
  const top = Math.floor(rise * steps);
  return schedule(
    (step) =>
      step < top
        ? along(cosineShare, from, 1, step / top)
        : along(cosineShare, 1, to, (step - top) / (steps - top || 1)),
    steps,
  );
}

function along(shape: (share: number) => number, from: number, to: number, share: number): number {
  return from + (to - from) * shape(share);
}

function cosineShare(share: number): number {
  return (1 - Math.cos(Math.PI * share)) / 2;
}
