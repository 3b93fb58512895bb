/**
 * Just enough of the protocol-buffer wire format to write a GraphDef and to pass on attributes that TensorFlow wrote.
 * https://protobuf.dev/programming-guides/encoding/
 */

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** Collects the fields of one message. Unset fields are left out, as the format wants it. */
export class Message {
  private chunks: Uint8Array[] = [];
  private length = 0;

  /** A whole number; negative ones take ten bytes in two's complement, as int64 fields do. */
  varint(field: number, value: number): this {
    return this.raw(varint(field * 8 + VARINT)).raw(varint(value));
  }

  float(field: number, value: number): this {
    return this.raw(varint(field * 8 + FIXED32)).raw(new Uint8Array(new Float32Array([value]).buffer));
  }

  /** Text, bytes or a nested message. */
  bytes(field: number, value: string | Uint8Array | Message): this {
    const data = value instanceof Message ? value.finish() : typeof value === "string" ? Buffer.from(value) : value;
    return this.raw(varint(field * 8 + BYTES))
      .raw(varint(data.length))
      .raw(data);
  }

  /** Bytes that are encoded already. */
  raw(data: Uint8Array): this {
    this.chunks.push(data);
    this.length += data.length;
    return this;
  }

  finish(): Uint8Array {
    return Buffer.concat(this.chunks, this.length);
  }
}

/** A field as read: its number, and its content where it is bytes, text or a message, or a whole number. */
export interface Field {
  field: number;
  bytes?: Uint8Array;
  /** Exact up to 2^53; negative numbers are read as 2^64 more. */
  value?: number;
}

/** Goes through the fields of a message. */
export function* fields(message: Uint8Array): Generator<Field> {
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const key = next();
    const kind = key % 8;
    const field = (key - kind) / 8;
    if (kind === BYTES) {
      const length = next();
      yield { field, bytes: message.subarray(at, at + length) };
      at += length;
    } else if (kind === VARINT) yield { field, value: next() };
    else {
      at += kind === FIXED64 ? 8 : 4;
      yield { field };
    }
  }
}

function varint(value: number): Uint8Array {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    out.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  out.push(Number(rest));
  return Uint8Array.from(out);
}
