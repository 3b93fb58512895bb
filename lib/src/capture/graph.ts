/**
 * Writes a TensorFlow graph (`graph.proto`, `node_def.proto`, `attr_value.proto`, `tensor.proto`).
 */
import { fields, Message } from "./protobuf";
import { INT32 } from "./native";

/** The end of an edge: a node's name, with `:index` for its second output and on. */
export type End = string;

/** A node's attributes: name to encoded AttrValue. */
export type Attributes = Map<string, Uint8Array>;

/** Encoders of single attribute values (`AttrValue`). */
export const attribute = {
  bytes: (value: string | Uint8Array): Uint8Array => new Message().bytes(2, value).finish(),
  int: (value: number): Uint8Array => new Message().varint(3, value).finish(),
  float: (value: number): Uint8Array => new Message().float(4, value).finish(),
  bool: (value: boolean): Uint8Array => new Message().varint(5, value ? 1 : 0).finish(),
  type: (value: number): Uint8Array => new Message().varint(6, value).finish(),
  shape: (value: readonly number[]): Uint8Array => new Message().bytes(7, shapeProto(value)).finish(),
  types: (values: readonly number[]): Uint8Array => list(values, (message, value) => message.varint(6, value)),
  shapes: (values: readonly (readonly number[])[]): Uint8Array =>
    list(values, (message, value) => message.bytes(7, shapeProto(value))),
  /** The name of a function, for ops that call one. */
  function: (name: string): Uint8Array => new Message().bytes(10, new Message().bytes(1, name)).finish(),
  tensor: (dtype: number, shape: readonly number[], content: Uint8Array): Uint8Array =>
    new Message().bytes(8, new Message().varint(1, dtype).bytes(2, shapeProto(shape)).bytes(4, content)).finish(),
};

/** Reads the attributes out of a NameAttrList, as the binding describes an op, without decoding their values. */
export function attributesOf(nameAttrList: Uint8Array): Attributes {
  const attributes: Attributes = new Map();
  for (const { field, bytes } of fields(nameAttrList)) {
    if (field !== 2) continue;
    const [key, value] = [...fields(bytes!)];
    attributes.set(Buffer.from(key.bytes!).toString(), value?.bytes ?? new Uint8Array());
  }
  return attributes;
}

/** A graph under construction. Node names must be unique; they are what TensorFlow's errors show. */
export class Graph {
  private readonly message = new Message();
  private readonly taken = new Map<string, number>();
  private readonly constants = new Map<string, End>();
  /** Nodes written so far. */
  size = 0;

  /** Adds a node and returns its name, which is also its first output. */
  node(op: string, inputs: readonly End[], attributes: Attributes | [string, Uint8Array][] = [], name = op): End {
    const used = this.taken.get(name) ?? 0;
    this.taken.set(name, used + 1);
    const unique = used === 0 ? name : `${name}_${used}`;
    const node = new Message().bytes(1, unique).bytes(2, op);
    for (const input of inputs) node.bytes(3, input);
    for (const [key, value] of attributes) node.bytes(5, new Message().bytes(1, key).bytes(2, value));
    this.message.bytes(1, node);
    this.size++;
    return unique;
  }

  /** An input of the function. */
  placeholder(dtype: number, shape: readonly number[], name: string): End {
    return this.node(
      "Placeholder",
      [],
      [
        ["dtype", attribute.type(dtype)],
        ["shape", attribute.shape(shape)],
      ],
      name,
    );
  }

  /** A constant. Equal small ones share a node, as most are the same few axes, shapes and scalars. */
  constant(dtype: number, shape: readonly number[], content: Uint8Array): End {
    const key = content.length <= 64 ? `${dtype}:${shape}:${Buffer.from(content).toString("hex")}` : undefined;
    const known = key === undefined ? undefined : this.constants.get(key);
    if (known !== undefined) return known;
    const end = this.node(
      "Const",
      [],
      [
        ["dtype", attribute.type(dtype)],
        ["value", attribute.tensor(dtype, shape, content)],
      ],
    );
    if (key !== undefined) this.constants.set(key, end);
    return end;
  }

  /** An int32 constant: a scalar from a number, a vector from an array. */
  integers(value: number | readonly number[]): End {
    const values = Int32Array.from(typeof value === "number" ? [value] : value);
    return this.constant(INT32, typeof value === "number" ? [] : [values.length], new Uint8Array(values.buffer));
  }

  /** The GraphDef. The version makes TensorFlow read it by today's rules. */
  finish(): Uint8Array {
    return new Message().raw(this.message.finish()).bytes(4, new Message().varint(1, PRODUCER)).finish();
  }
}

/** Graph version of TensorFlow 2.9; later ones read it, and it demands nothing that came after. */
const PRODUCER = 1087;

function shapeProto(shape: readonly number[]): Message {
  const message = new Message();
  for (const size of shape) message.bytes(2, new Message().varint(1, size));
  return message;
}

function list<T>(values: readonly T[], write: (message: Message, value: T) => void): Uint8Array {
  const message = new Message();
  for (const value of values) write(message, value);
  return new Message().bytes(1, message).finish();
}
