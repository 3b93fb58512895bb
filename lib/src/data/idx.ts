import { gunzipSync } from "node:zlib";

/** The kinds of numbers of an idx file, by the third byte of its magic number. */
const KINDS = {
  0x08: { name: "uint8", bytes: 1, make: (n: number) => new Uint8Array(n), read: "getUint8" },
  0x09: { name: "int8", bytes: 1, make: (n: number) => new Int8Array(n), read: "getInt8" },
  0x0b: { name: "int16", bytes: 2, make: (n: number) => new Int16Array(n), read: "getInt16" },
  0x0c: { name: "int32", bytes: 4, make: (n: number) => new Int32Array(n), read: "getInt32" },
  0x0d: { name: "float32", bytes: 4, make: (n: number) => new Float32Array(n), read: "getFloat32" },
  0x0e: { name: "float64", bytes: 8, make: (n: number) => new Float64Array(n), read: "getFloat64" },
} as const;

export type IdxArray = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** An array with its shape, as an idx file holds it. */
export interface Idx {
  shape: number[];
  data: IdxArray;
}

export interface IdxOptions {
  /** How errors call the bytes: the file's name. @default "the idx data" */
  name?: string;
  /** The shape that it must have; null stands for any size. */
  shape?: readonly (number | null)[];
}

/**
 * Reads the format that MNIST comes in, packed with gzip or not.
 *
 * Two zero bytes, one byte for the kind of number, one for the number of dimensions; the sizes as 32-bit integers; then
 * the numbers, row by row. All big-endian. Described at the end of http://yann.lecun.com/exdb/mnist/
 *
 * @throws RangeError where the bytes are cut short, too many, not gzip, not idx, or not of the expected shape
 */
export function parseIdx(packed: Uint8Array, options: IdxOptions = {}): Idx {
  const { name = "the idx data", shape: expected } = options;
  const bytes = packed[0] === 0x1f && packed[1] === 0x8b ? unpack(packed, name) : packed;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = bytes.length >= 4 ? KINDS[view.getUint8(2) as keyof typeof KINDS] : undefined;
  if (!kind || view.getUint16(0) !== 0) {
    const magic = Buffer.from(bytes.subarray(0, 4)).toString("hex") || "nothing";
    throw new RangeError(
      `parseIdx() wants ${name} to begin with an idx magic number, 0000 then 08 to 0e, got ${magic}.`,
    );
  }
  const rank = view.getUint8(3);
  const header = 4 + 4 * rank;
  if (bytes.length < header)
    throw new RangeError(`parseIdx() wants ${name} to name ${rank} sizes, but it ends before.`);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  if (expected && !(shape.length === expected.length && expected.every((n, i) => n === null || n === shape[i]))) {
    const wanted = expected.map((size) => size ?? "any").join(", ");
    throw new RangeError(
      `parseIdx() wants ${name} to be of shape [${wanted}], got [${shape.join(", ")}]: another file?`,
    );
  }
  const count = shape.reduce((product, size) => product * size, 1);
  if (bytes.length !== header + count * kind.bytes) {
    throw new RangeError(
      `parseIdx() wants ${name} to hold ${count} numbers of ${kind.name} for its shape [${shape.join(", ")}], ` +
        `${header + count * kind.bytes} bytes in all, got ${bytes.length}.`,
    );
  }
  if (kind.name === "uint8") return { shape, data: bytes.subarray(header) };
  const data = kind.make(count);
  for (let i = 0; i < count; i++) data[i] = view[kind.read](header + i * kind.bytes);
  return { shape, data };
}

function unpack(packed: Uint8Array, name: string): Uint8Array {
  try {
    const buffer = gunzipSync(packed);
    return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength); // a Buffer would show as one
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const what = code === "Z_BUF_ERROR" ? "it is cut short" : message;
    throw new RangeError(`parseIdx() cannot unpack ${name}: ${what}.`, { cause: error });
  }
}
