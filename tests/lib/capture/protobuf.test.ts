import { describe, expect, it } from "vitest";
import { fields, Message } from "../../../lib/src/capture/protobuf";

const hex = (message: Message): string => Buffer.from(message.finish()).toString("hex");

describe("Message", () => {
  // The examples of https://protobuf.dev/programming-guides/encoding/
  it("encodes the examples of the format's guide", () => {
    expect(hex(new Message().varint(1, 150))).toBe("089601");
    expect(hex(new Message().bytes(2, "testing"))).toBe("120774657374696e67");
    expect(hex(new Message().bytes(3, new Message().varint(1, 150)))).toBe("1a03089601");
    expect(hex(new Message().varint(1, -2))).toBe("08feffffffffffffffff01");
  });

  it("encodes floats as four bytes, little end first, and field numbers above 15 in two bytes", () => {
    expect(hex(new Message().float(4, 1.5))).toBe("250000c03f");
    expect(hex(new Message().varint(16, 1))).toBe("800101");
  });
});

describe("fields()", () => {
  it("reads back what was written, and steps over numbers", () => {
    const message = new Message().varint(1, 300).bytes(2, "a").float(3, 1).bytes(20, new Uint8Array(200)).finish();
    expect([...fields(message)].map(({ field, bytes, value }) => [field, bytes?.length ?? value])).toEqual([
      [1, 300],
      [2, 1],
      [3, undefined],
      [20, 200],
    ]);
  });
});
