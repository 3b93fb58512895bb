import { type Bundle, plainText } from "./bundle";
import type { View } from "./view";

const DISPLAY = Symbol.for("Jupyter.display");

/**
 * A value that knows how to show itself: its method `[Symbol.for("Jupyter.display")]()`, which Deno's kernel calls
 * too, gives a bundle by MIME type, or `{ data, metadata }`, or a promise of one.
 *
 * @throws Error when the method gives something else.
 */
export const own: View = async (value) => {
  if ((typeof value !== "object" && typeof value !== "function") || value === null || !(DISPLAY in value)) return null;
  const method = (value as Record<symbol, unknown>)[DISPLAY];
  if (typeof method !== "function") return null;
  const given: unknown = await method.call(value);
  if (typeof given !== "object" || given === null) {
    throw new Error(
      `[Symbol.for("Jupyter.display")]() must return an object of representations by MIME type, got ${plainText(given)}`,
    );
  }
  const { data, metadata } = given as Partial<Bundle>;
  if (typeof data === "object" && data !== null) return { data, metadata: metadata ?? {} };
  return { data: given as Record<string, unknown>, metadata: {} };
};
