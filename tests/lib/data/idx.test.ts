import { describe, expect, it } from "vitest";
import { parseIdx } from "../../../lib/src/data/idx";
import written from "../../fixtures/data/formats.json";

const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, "base64"));
const images = bytes(written.idx[0].file);

describe("parseIdx", () => {
  it.each(written.idx)("reads $kind as Python wrote it", ({ file, shape, values }) => {
    const idx = parseIdx(bytes(file));
    expect(idx.shape).toEqual(shape);
    expect(Array.from(idx.data)).toEqual(values);
  });

  it("unpacks gzip", () => {
    expect(parseIdx(bytes(written.gzip))).toEqual(parseIdx(images));
  });

  it("reads bytes that begin anywhere in their buffer", () => {
    const shifted = new Uint8Array(images.length + 3).fill(9);
    shifted.set(images, 3);
    expect(parseIdx(shifted.subarray(3))).toEqual(parseIdx(images));
  });

  it("refuses a file cut short at any byte", () => {
    for (let length = 0; length < images.length; length++) {
      expect(() => parseIdx(images.slice(0, length), { name: "a.idx" })).toThrow(/^parseIdx\(\) wants a\.idx to /);
    }
    const packed = bytes(written.gzip);
    expect(() => parseIdx(packed.slice(0, -9), { name: "a.gz" })).toThrow(
      "parseIdx() cannot unpack a.gz: it is cut short.",
    );
  });

  it("refuses a file with bytes to spare", () => {
    const longer = new Uint8Array(images.length + 1);
    longer.set(images);
    expect(() => parseIdx(longer)).toThrow("28 bytes in all, got 29.");
  });

  it("refuses another magic number, naming it", () => {
    const html = new TextEncoder().encode("<!DOCTYPE html>");
    expect(() => parseIdx(html, { name: "train.gz" })).toThrow(
      "parseIdx() wants train.gz to begin with an idx magic number, 0000 then 08 to 0e, got 3c21444f.",
    );
  });

  it("refuses gzip with a wrong sum", () => {
    const packed = bytes(written.gzip);
    packed[packed.length - 6] ^= 1;
    expect(() => parseIdx(packed, { name: "a.gz" })).toThrow(/^parseIdx\(\) cannot unpack a\.gz: /);
  });

  it("refuses another shape than the expected one", () => {
    expect(parseIdx(images, { shape: [2, null, 2] }).shape).toEqual([2, 3, 2]);
    expect(() => parseIdx(images, { name: "labels", shape: [null] })).toThrow(
      "parseIdx() wants labels to be of shape [any], got [2, 3, 2]: another file?",
    );
  });
});
