import { describe, expect, it } from "vitest";
import { parseTar } from "../../../lib/src/data/tar";
import fixture from "../../fixtures/data/tar.json";

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, "base64"));
const expected = Object.entries(fixture.files as Record<string, string>);

describe("parseTar", () => {
  it("reads what Python's tarfile packs, long paths too, and passes over folders and links", () => {
    const files = parseTar(bytesOf(fixture.ustar));
    expect([...files.keys()]).toEqual(expected.map(([name]) => name));
    for (const [name, content] of expected) expect(files.get(name)).toEqual(bytesOf(content));
  });

  it("reads GNU's form", () => {
    const files = parseTar(bytesOf(fixture.gnu));
    const short = expected.filter(([name]) => name !== fixture.long);
    expect([...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString("base64")])).toEqual(short);
  });

  it("does without the blocks of zeros at the end", () => {
    const bytes = bytesOf(fixture.ustar);
    const end = bytes.findLastIndex((byte) => byte !== 0) + 1;
    expect(parseTar(bytes.subarray(0, Math.ceil(end / 512) * 512)).size).toBe(expected.length);
    expect(parseTar(new Uint8Array(1024)).size).toBe(0);
  });

  it("says where an archive is cut short, in a header or in a file", () => {
    const bytes = bytesOf(fixture.ustar);
    expect(() => parseTar(bytes.subarray(0, 700), "x.tar")).toThrow(
      "parseTar() wants x.tar to have 1024 bytes at least, got 700: cut short?",
    );
    // The third entry's contents: two headers, then a header, a block of text, a header, and one byte too few.
    const third = 4 * 512 + 512 + 512;
    expect(() => parseTar(bytes.subarray(0, third - 1))).toThrow(
      `wants the archive to have ${third} bytes at least, got ${third - 1}: cut short?`,
    );
  });

  it("refuses what is no tar archive, and a header with one bit turned", () => {
    expect(() => parseTar(new Uint8Array(2048).fill(7), "x.tar")).toThrow(
      "parseTar() wants x.tar to have a tar header at byte 0, but its sum is not right.",
    );
    const turned = bytesOf(fixture.ustar);
    turned[512 + 3] ^= 1; // in the name of the second entry
    expect(() => parseTar(turned)).toThrow("to have a tar header at byte 512, but its sum is not right.");
  });
});
