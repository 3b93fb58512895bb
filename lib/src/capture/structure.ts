/**
 * Arguments and results of a compiled function: tensors and numbers anywhere inside of arrays and plain objects. A
 * structure is taken apart into its leaves once at recording; calls only check that they fit it.
 */
import { tf } from "../tensorflow";

/** What stands at a place of the arguments. */
export type Structure =
  | { kind: "tensor"; shape: readonly number[]; dtype: string }
  | { kind: "number"; fixed?: number }
  | { kind: "fixed"; value: unknown }
  | { kind: "array"; items: Structure[] }
  | { kind: "object"; keys: string[]; items: Structure[] };

/** The leaves of one call's arguments, in order. */
export interface Leaves {
  tensors: tf.Tensor[];
  numbers: number[];
}

/**
 * Describes a value and collects its leaves. Strings, booleans and functions count by identity, and so do variables,
 * unless a copy of their present value is asked for.
 */
export function describe(value: unknown, leaves: Leaves, variables: "identity" | "copy" = "identity"): Structure {
  if (typeof value === "number") {
    leaves.numbers.push(value);
    return { kind: "number" };
  }
  if (value instanceof tf.Variable && variables === "identity") return { kind: "fixed", value };
  if (value instanceof tf.Tensor) {
    leaves.tensors.push(value instanceof tf.Variable ? value.clone() : value);
    return { kind: "tensor", shape: value.shape, dtype: value.dtype };
  }
  if (Array.isArray(value)) {
    return { kind: "array", items: value.map((item) => describe(item, leaves, variables)) };
  }
  if (isPlain(value)) {
    const keys = Object.keys(value);
    return { kind: "object", keys, items: keys.map((key) => describe(value[key], leaves, variables)) };
  }
  return { kind: "fixed", value };
}

/** Fixes numbers to the values they have: the structure then fits calls with those values only. */
export function fixNumbers(structure: Structure, numbers: readonly number[], which: ReadonlySet<number>): Structure {
  let index = 0;
  const fix = (part: Structure): Structure => {
    if (part.kind === "number") return which.has(index++) ? { ...part, fixed: numbers[index - 1] } : part;
    return "items" in part ? { ...part, items: part.items.map(fix) } : part;
  };
  return fix(structure);
}

/**
 * Whether a value fits a structure; if so, its leaves are in `leaves`. Runs at every call, so it allocates nothing.
 *
 * @param lead axes that tensors have in front of those of the structure
 */
export function fits(structure: Structure, value: unknown, leaves: Leaves, lead = 0): boolean {
  switch (structure.kind) {
    case "tensor": {
      if (!(value instanceof tf.Tensor) || value.dtype !== structure.dtype) return false;
      const { shape } = value;
      if (shape.length !== lead + structure.shape.length || "assign" in value) return false;
      for (let i = lead; i < shape.length; i++) if (shape[i] !== structure.shape[i - lead]) return false;
      leaves.tensors.push(value);
      return true;
    }
    case "number":
      if (typeof value !== "number" || (structure.fixed !== undefined && value !== structure.fixed)) return false;
      leaves.numbers.push(value);
      return true;
    case "array":
      if (!Array.isArray(value) || value.length !== structure.items.length) return false;
      for (let i = 0; i < value.length; i++) if (!fits(structure.items[i], value[i], leaves, lead)) return false;
      return true;
    case "object": {
      if (!isPlain(value)) return false;
      const { keys, items } = structure;
      for (let i = 0; i < keys.length; i++) if (!fits(items[i], value[keys[i]], leaves, lead)) return false;
      return Object.keys(value).length === keys.length;
    }
    case "fixed":
      return Object.is(value, structure.value);
  }
}

/** Builds a value of this structure out of leaves. */
export function rebuild(structure: Structure, leaves: Leaves): unknown {
  let tensor = 0;
  let number = 0;
  const build = (part: Structure): unknown => {
    switch (part.kind) {
      case "tensor":
        return leaves.tensors[tensor++];
      case "number":
        return leaves.numbers[number++];
      case "array":
        return part.items.map(build);
      case "object":
        return Object.fromEntries(part.keys.map((key, i) => [key, build(part.items[i])]));
      case "fixed":
        return part.value;
    }
  };
  return build(structure);
}

/** Says a structure in short, for statistics and messages: `[32,784] float32, number`. */
export function print(structure: Structure): string {
  switch (structure.kind) {
    case "tensor":
      return `[${structure.shape.join(",")}] ${structure.dtype}`;
    case "number":
      return structure.fixed === undefined ? "number" : String(structure.fixed);
    case "array":
      return `[${structure.items.map(print).join(", ")}]`;
    case "object":
      return `{${structure.keys.map((key, i) => `${key}: ${print(structure.items[i])}`).join(", ")}}`;
    case "fixed":
      return structure.value instanceof tf.Variable ? `variable ${structure.value.name}` : String(structure.value);
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Notebook cells run in a context of their own, whose Object is not ours: look at the shape of the chain instead.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
