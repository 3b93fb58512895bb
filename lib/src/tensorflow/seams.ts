/**
 * Makes functions of TensorFlow.js replaceable. Most of `tf` ends in a kernel, which can be registered anew; some
 * functions compute in JavaScript instead. Those are wrapped here, before anything imports them, because whoever imports
 * them as an ES module keeps the function of that moment.
 */

/** The functions that have no kernel of their own below them. */
const OPEN = [
  "dropout",
  "ones",
  "randomNormal",
  "randomStandardNormal",
  "randomUniform",
  "randomUniformInt",
  "truncatedNormal",
  "zeros",
] as const;

export type OpenFunction = (typeof OPEN)[number];

type AnyFunction = (...args: never[]) => unknown;
interface Seam {
  original: AnyFunction;
  current: AnyFunction;
}

// On the global object: a rebuilt library is evaluated again in the same process and must find the same seams.
const seams = ((globalThis as Record<symbol, unknown>)[Symbol.for("nablab.seams")] ??= new Map()) as Map<string, Seam>;

/** Wraps the open functions of tfjs-core's exports, once in a process. */
export function openSeams(core: Record<string, unknown>): void {
  for (const name of OPEN) {
    if (seams.has(name)) continue;
    const original = core[name] as AnyFunction;
    const seam: Seam = { original, current: original };
    seams.set(name, seam);
    const through = (...args: never[]) => seam.current(...args);
    core[name] = Object.defineProperty(through, "name", { value: name });
  }
}

/**
 * Puts a function in the place of one of TensorFlow.js', for `tf.name(…)` and for the layers that call it.
 *
 * @param make gets TensorFlow.js' own function, to pass on what the new one does not handle
 */
export function replaceFunction<F extends AnyFunction>(name: OpenFunction, make: (original: F) => F): void {
  const seam = seams.get(name);
  if (seam) seam.current = make(seam.original as F);
}
