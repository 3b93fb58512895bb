import { checkNumber, refuse } from "../check";
import type { Env, Numbers } from "./env";
import { box, type Box, type Space } from "./spaces";
import { Wrapper } from "./wrapper";

/**
 * Cuts actions to their bounds before the environment sees them. What learns keeps the action as it was drawn: its
 * log-probability belongs to that one. The space then has no bounds.
 *
 * @throws TypeError for an environment of choices
 */
export function clipAction<O extends Space>(env: Env<Box, O>): Env<Box, O> {
  const { low, high, shape } = boxOf("clipAction()", env);
  const cut = (value: number, i: number) => Math.min(high[i], Math.max(low[i], value));
  return new ActionWrapper(env, box(-Infinity, Infinity, shape), cut);
}

export interface RescaleActionOptions {
  /** What becomes the lowest action of the environment. @default -1 */
  min?: number;
  /** What becomes the highest. @default 1 */
  max?: number;
}

/**
 * Stretches actions from -1 to 1 over the bounds of the environment: `low + (high - low) · (a - min) / (max - min)`.
 *
 * @throws TypeError for an environment of choices, RangeError for bounds that are infinite or cross
 */
export function rescaleAction<O extends Space>(env: Env<Box, O>, options: RescaleActionOptions = {}): Env<Box, O> {
  const { min = -1, max = 1 } = options;
  const { low, high, shape } = boxOf("rescaleAction()", env);
  checkNumber("rescaleAction()", "min", min);
  if (!(max > min)) refuse("rescaleAction()", "max", `above min, which is ${min}`, max);
  if (![...low, ...high].every(Number.isFinite)) {
    refuse("rescaleAction()", "env", "with actions between finite bounds", env.name);
  }
  const stretch = (value: number, i: number) => low[i] + ((high[i] - low[i]) * (value - min)) / (max - min);
  return new ActionWrapper(env, box(min, max, shape), stretch);
}

function boxOf(where: string, { actionSpace, name }: Env): Box {
  if (actionSpace.kind === "box") return actionSpace;
  return refuse(where, "env", "one whose actions are numbers, not choices", name, { kind: TypeError });
}

class ActionWrapper<O extends Space> extends Wrapper<Box, O> {
  private readonly changed: Float32Array;

  constructor(
    inner: Env<Box, O>,
    override readonly actionSpace: Box,
    private readonly change: (value: number, i: number) => number,
  ) {
    super(inner);
    this.changed = new Float32Array(actionSpace.size);
  }

  override stepInto(actions: ArrayLike<number>, from: number, out: Numbers, at = 0): number {
    const { changed } = this;
    // NaN passes both, so that the environment within refuses it.
    for (let i = 0; i < changed.length; i++) changed[i] = this.change(actions[from + i], i);
    return this.inner.stepInto(changed, 0, out, at);
  }
}
