import { tf } from "../tensorflow";

/** What TensorFlow.js keeps for each variable: Adam's first moment of it, for one. */
interface Slot {
  originalName: string;
  variable: tf.Variable;
}

/**
 * Everything that an optimizer remembers between steps: its variables (Adam's powers of beta) and its slots, one for each
 * trained variable, named `field` and `field/0`, `field/1`, …
 *
 * The optimizer's own `getWeights` and `setWeights` would not do: they leave the powers of beta out and compute them anew,
 * with another rounding, so that a resumed run would differ from one that was never interrupted.
 */
export function optimizerState(optimizer: tf.Optimizer): Record<string, tf.Variable> {
  const state: Record<string, tf.Variable> = {};
  for (const [field, value] of fields(optimizer)) {
    if (value instanceof tf.Variable) state[field] = value;
    if (isSlots(value)) value.forEach((slot, i) => (state[`${field}/${i}`] = slot.variable));
  }
  return state;
}

/**
 * Puts a remembered state back, making the slots that a fresh optimizer makes only in its first step.
 *
 * @param state values by the names of `optimizerState`; they stay the caller's
 * @throws RangeError where the state is that of another optimizer
 */
export function restoreOptimizer(optimizer: tf.Optimizer, state: Record<string, tf.Tensor>): void {
  const known = new Map(fields(optimizer));
  for (const [name, tensor] of Object.entries(state)) {
    const [field, place] = name.split("/");
    const value = known.get(field);
    if (place === undefined && value instanceof tf.Variable) {
      value.assign(tensor);
    } else if (place !== undefined && isSlots(value)) {
      const slot = value[Number(place)];
      if (slot) slot.variable.assign(tensor);
      else value[Number(place)] = { originalName: name, variable: tf.tidy(() => tensor.clone().variable(false)) };
    } else {
      throw new RangeError(`restoreOptimizer() finds no ${field} in ${optimizer.getClassName()}: another optimizer?`);
    }
  }
}

function fields(optimizer: tf.Optimizer): [string, unknown][] {
  return Object.entries(optimizer).sort(([a], [b]) => (a < b ? -1 : 1));
}

function isSlots(value: unknown): value is Slot[] {
  return Array.isArray(value) && value.every((slot) => slot?.variable instanceof tf.Variable);
}
