/** A tensor as bytes on disk. F16 takes half the room of F32, and is rounded to 11 significant bits; its data are floats. */
export interface StoredTensor {
  dtype: "F32" | "F16" | "I32" | "BOOL";
  shape: number[];
  data: Float32Array | Int32Array | Uint8Array;
}

/** Named tensors with notes about them, as a safetensors file holds them. */
export interface Safetensors {
  tensors: Record<string, StoredTensor>;
  metadata: Record<string, string>;
}

interface Entry {
  dtype: StoredTensor["dtype"];
  shape: number[];
  data_offsets: [number, number];
}

/** How the numbers lie in the file. */
const ARRAYS = { F32: Float32Array, F16: Uint16Array, I32: Int32Array, BOOL: Uint8Array } as const;

/**
 * Packs named tensors into the safetensors format, which Python, Rust and the browser read as well: the header's length as
 * a 64-bit integer, a JSON header with the place of every tensor, then the numbers. All little-endian.
 *
 * https://huggingface.co/docs/safetensors
 */
export function encodeSafetensors({ tensors, metadata }: Safetensors): Uint8Array {
  let offset = 0;
  const packed = Object.values(tensors).map(({ dtype, data }) =>
    dtype === "F16" ? Uint16Array.from(data, toHalf) : data,
  );
  const entries = Object.entries(tensors).map(([name, { dtype, shape }], i) => {
    const begin = offset;
    offset += packed[i].byteLength;
    return [name, { dtype, shape, data_offsets: [begin, offset] }] as const;
  });
  const json = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  // Padded with spaces to 8 bytes, so that a reader can map the numbers where they lie.
  const text = Buffer.from(json);
  const header = Buffer.alloc(Math.ceil(text.length / 8) * 8, " ");
  text.copy(header);
  const file = Buffer.alloc(8 + header.length + offset);
  file.writeBigUInt64LE(BigInt(header.length), 0);
  header.copy(file, 8);
  for (const [i, [, { data_offsets }]] of entries.entries()) {
    const { buffer, byteOffset, byteLength } = packed[i];
    file.set(new Uint8Array(buffer, byteOffset, byteLength), 8 + header.length + data_offsets[0]);
  }
  return file;
}

/**
 * Unpacks what `encodeSafetensors` or another program packed.
 *
 * @param name how errors call the bytes: the file's name
 * @throws RangeError where the bytes are cut short or no safetensors, or hold another kind of number than F32, F16, I32, BOOL
 */
export function decodeSafetensors(bytes: Uint8Array, name = "the safetensors data"): Safetensors {
  const broken = (what: string) => new RangeError(`decodeSafetensors() cannot read ${name}: ${what}.`);
  if (bytes.length < 8) throw broken(`it has only ${bytes.length} bytes`);
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(file.readBigUInt64LE(0));
  if (length > bytes.length - 8) throw broken("it is cut short, or no safetensors file");
  let header: Record<string, Entry> & { __metadata__?: Record<string, string> };
  try {
    header = JSON.parse(file.toString("utf8", 8, 8 + length));
  } catch {
    throw broken("its header is no JSON");
  }
  const { __metadata__: metadata = {}, ...entries } = header;
  const tensors = Object.entries(entries as Record<string, Entry>).map(([key, entry]) => {
    const { dtype, shape, data_offsets } = entry;
    if (!(dtype in ARRAYS)) throw broken(`${key} holds ${dtype}, and it reads ${Object.keys(ARRAYS).join(", ")}`);
    const [begin, end] = data_offsets.map((place) => 8 + length + place);
    if (end > bytes.length) throw broken(`it is cut short at ${key}`);
    const kind = ARRAYS[dtype];
    const count = shape.reduce((product, size) => product * size, 1);
    if (end - begin !== count * kind.BYTES_PER_ELEMENT) throw broken(`${key} has another size than its shape`);
    // Copied: typed arrays need an address that their numbers' size divides.
    const numbers = new kind(Uint8Array.from(file.subarray(begin, end)).buffer);
    const data = dtype === "F16" ? Float32Array.from(numbers, fromHalf) : (numbers as StoredTensor["data"]);
    return [key, { dtype, shape, data }] as const;
  });
  return { tensors: Object.fromEntries(tensors), metadata };
}

/** The bits of the half-precision number nearest to x, ties to even: IEEE 754 binary16; beyond 65,504 infinity. */
function toHalf(x: number): number {
  const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0;
  const size = Math.abs(x);
  if (Number.isNaN(size)) return 0x7e00;
  // The distance between neighbours: 2^-24 for the smallest, then 2^-10 of the power of two below.
  const exponent = Math.max(-14, Math.min(15, Math.floor(Math.log2(size))));
  const places = roundToEven(size / 2 ** (exponent - 10));
  if (size >= 65_520) return sign | 0x7c00;
  return sign | (places + ((exponent + 14) << 10)); // a carry into the exponent is the next power of two, as it should be
}

function fromHalf(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent ? (1024 + fraction) * 2 ** (exponent - 25) : fraction * 2 ** -24);
}

function roundToEven(x: number): number {
  const low = Math.floor(x);
  const above = x - low;
  return above > 0.5 || (above === 0.5 && low % 2 === 1) ? low + 1 : low;
}
