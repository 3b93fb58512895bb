/** A tensor as bytes on disk. */
export interface StoredTensor {
  dtype: "F32" | "I32" | "BOOL";
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

const ARRAYS = { F32: Float32Array, I32: Int32Array, BOOL: Uint8Array } as const;

/**
 * Packs named tensors into the safetensors format, which Python, Rust and the browser read as well: the header's length as
 * a 64-bit integer, a JSON header with the place of every tensor, then the numbers. All little-endian.
 *
 * https://huggingface.co/docs/safetensors
 */
export function encodeSafetensors({ tensors, metadata }: Safetensors): Uint8Array {
  let offset = 0;
  const entries = Object.entries(tensors).map(([name, { dtype, shape, data }]) => {
    const begin = offset;
    offset += data.byteLength;
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
  for (const [name, { data_offsets }] of entries) {
    const { buffer, byteOffset, byteLength } = tensors[name].data;
    file.set(new Uint8Array(buffer, byteOffset, byteLength), 8 + header.length + data_offsets[0]);
  }
  return file;
}

/**
 * Unpacks what `encodeSafetensors` or another program packed.
 *
 * @param name how errors call the bytes: the file's name
 * @throws RangeError where the bytes are cut short or no safetensors, or hold another kind of number than F32, I32, BOOL
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
    const data = new kind(Uint8Array.from(file.subarray(begin, end)).buffer);
    return [key, { dtype, shape, data }] as const;
  });
  return { tensors: Object.fromEntries(tensors), metadata };
}
