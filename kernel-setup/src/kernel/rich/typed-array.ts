import { types } from "node:util";
import { formatArray } from "./numbers";
import type { View } from "./view";

/** A typed array such as `Float32Array`: its kind, its length and its values, the middle of long ones left out. */
export const typedArray: View = (value) => {
  if (!types.isTypedArray(value) || Buffer.isBuffer(value)) return null;
  const array = value as Float32Array | BigInt64Array;
  const element = (index: number) => {
    const item = array[index];
    return typeof item === "bigint" ? String(item) : item;
  };
  const text = `${array.constructor.name}(${array.length}) ${formatArray([array.length], element)}`;
  return { data: { "text/plain": text }, metadata: {} };
};
