/** Values as a check reads and writes them: tensors, arrays and numbers side by side. */
import { isTensor, shortNumber, type ReadableTensor } from "../viz/numbers";

/** Numbers with the shape they have as a tensor or as nested arrays. */
export interface Grid {
  kind: "tensor" | "array" | "number";
  shape: number[];
  /** Of a tensor or typed array; plain arrays have none. */
  dtype?: string;
  data: ArrayLike<number>;
}

/** Reads numbers of any form; `undefined` for what is none, such as ragged arrays, texts and records. */
export function readGrid(value: unknown): Grid | undefined {
  if (typeof value === "number") return { kind: "number", shape: [], data: [value] };
  if (isTensor(value)) return fromTensor(value);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const data = value as unknown as ArrayLike<number>;
    return { kind: "array", shape: [data.length], data };
  }
  return Array.isArray(value) ? fromArray(value) : undefined;
}

const fromTensor = (tensor: ReadableTensor): Grid => ({
  kind: "tensor",
  shape: [...tensor.shape],
  dtype: tensor.dtype,
  data: tensor.dataSync(),
});

function fromArray(values: unknown[]): Grid | undefined {
  const rows = values.map(readGrid);
  if (rows.some((row) => row === undefined || row.kind === "tensor")) return undefined;
  const inner = (rows as Grid[])[0]?.shape ?? [];
  if (!(rows as Grid[]).every((row) => sameShape(row.shape, inner))) return undefined;
  return {
    kind: "array",
    shape: [values.length, ...inner],
    data: (rows as Grid[]).flatMap((row) => Array.from(row.data)),
  };
}

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, i) => size === b[i]);

/** A value in at most so many letters, as code would write it: `[0.09, 0.2447, 0.6652]`, `float32 [2, 3] [[1, 2, 3], …]`. */
export function writeValue(value: unknown, limit = 60): string {
  const text = write(value, limit);
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}

/** A value in a few letters, to tell calls apart: tensors by dtype and shape alone. */
export function nameValue(value: unknown): string {
  const grid = readGrid(value);
  return grid?.kind === "tensor" ? `${grid.dtype} [${grid.shape.join(", ")}]` : writeValue(value, 40);
}

function write(value: unknown, limit: number): string {
  if (typeof value === "number") return shortNumber(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return value.name || "a function";
  if (value instanceof Promise) return "a promise";
  const grid = readGrid(value);
  if (grid?.kind === "tensor") return `${grid.dtype} [${grid.shape.join(", ")}] ${writeGrid(grid, limit)}`;
  if (grid) return writeGrid(grid, limit);
  if (Array.isArray(value))
    return `[${value
      .slice(0, 20)
      .map((item) => write(item, limit))
      .join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const entries = Object.entries(value).slice(0, 12);
  return `{ ${entries.map(([name, item]) => `${name}: ${write(item, limit)}`).join(", ")} }`;
}

/** Nested brackets, as far as the limit lets the reader see. */
function writeGrid({ shape, data }: Grid, limit: number): string {
  let at = 0;
  const level = (depth: number): string => {
    if (depth === shape.length) return shortNumber(data[at++]);
    const parts: string[] = [];
    for (let i = 0; i < shape[depth] && parts.join(", ").length < limit; i++) parts.push(level(depth + 1));
    return `[${parts.join(", ")}${parts.length < shape[depth] ? ", …" : ""}]`;
  };
  return level(0);
}
