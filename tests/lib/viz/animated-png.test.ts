import { crc32 } from "node:zlib";
import { PNG } from "pngjs";
import { describe, expect, it } from "vitest";
import { animatedPng } from "../../../lib/src/viz/animated-png";

function picture(grey: number, width = 3): Buffer {
  const png = new PNG({ width, height: 2 });
  png.data.fill(grey);
  return PNG.sync.write(png);
}

/** The chunks of a PNG file; wrong checksums throw. */
function chunksOf(file: Buffer) {
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
    const size = file.readUInt32BE(at);
    expect(file.readUInt32BE(at + 8 + size)).toBe(crc32(file.subarray(at + 4, at + 8 + size)));
    chunks.push({ type: file.toString("latin1", at + 4, at + 8), data: file.subarray(at + 8, at + 8 + size) });
  }
  return chunks;
}

describe("animatedPng", () => {
  const greys = [10, 100, 200];
  const file = animatedPng(
    greys.map((grey) => picture(grey)),
    { milliseconds: [250, 250, 2000] },
  );

  it("is a PNG of the first frame to those who know no better", () => {
    expect([...PNG.sync.read(file).data.subarray(0, 4)]).toEqual([10, 10, 10, 10]);
  });

  it("has the chunks of the standard in its order, numbered together", () => {
    const chunks = chunksOf(file);
    expect(chunks.map(({ type }) => type)).toEqual([
      "IHDR",
      "acTL",
      "fcTL",
      "IDAT",
      "fcTL",
      "fdAT",
      "fcTL",
      "fdAT",
      "IEND",
    ]);
    const numbered = chunks.filter(({ type }) => ["fcTL", "fdAT"].includes(type));
    expect(numbered.map(({ data }) => data.readUInt32BE(0))).toEqual([0, 1, 2, 3, 4]);
    const [animation] = chunks.filter(({ type }) => type === "acTL");
    expect([animation.data.readUInt32BE(0), animation.data.readUInt32BE(4)]).toEqual([3, 0]);
    const controls = chunks.filter(({ type }) => type === "fcTL");
    expect(controls.map(({ data }) => [data.length, data.readUInt32BE(4), data.readUInt32BE(8)])).toEqual(
      greys.map(() => [26, 3, 2]),
    );
    expect(controls.map(({ data }) => data.readUInt16BE(20) / data.readUInt16BE(22))).toEqual([0.25, 0.25, 2]);
  });

  it("holds every frame's pixels", () => {
    const chunks = chunksOf(file);
    const [header] = chunks;
    const pixels = chunks
      .filter(({ type }) => type === "fdAT")
      .map(({ data }) => {
        const still = animatedPng([picture(0)], { milliseconds: [100] });
        const own = chunksOf(still).map((chunk) =>
          chunk.type === "IDAT" ? { ...chunk, data: data.subarray(4) } : chunk,
        );
        const bytes = own.map(({ type, data }) => {
          const named = Buffer.concat([Buffer.from(type), data]);
          const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
          size.writeUInt32BE(data.length);
          sum.writeUInt32BE(crc32(named));
          return Buffer.concat([size, named, sum]);
        });
        return PNG.sync.read(Buffer.concat([still.subarray(0, 8), ...bytes])).data;
      });
    expect(header.type).toBe("IHDR");
    expect(pixels.map((data) => [...new Set(data)])).toEqual([[100], [200]]);
  });

  it("refuses no frames, other sizes and what is no PNG", () => {
    const milliseconds = [100, 100];
    expect(() => animatedPng([], { milliseconds: [] })).toThrow(
      "animatedPng() wants frames to be at least one picture",
    );
    expect(() => animatedPng([picture(0), picture(0, 4)], { milliseconds })).toThrow("of one size");
    expect(() => animatedPng([picture(0), Buffer.from("GIF89a--")], { milliseconds })).toThrow("PNG files");
    expect(() => animatedPng([picture(0)], { milliseconds })).toThrow("1 numbers, one for each frame, got 2");
  });
});
