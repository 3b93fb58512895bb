/**
 * Animated PNG: a PNG whose first picture every viewer shows, with the others in chunks that older ones skip. Browsers,
 * JupyterLab and GitHub play it. https://www.w3.org/TR/png-3/#apng-frame-based-animation
 */
import { crc32 } from "node:zlib";
import { checkInteger, refuse } from "../check";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export interface AnimatedPngOptions {
  /** Milliseconds that each frame stays, one number a frame. */
  milliseconds: readonly number[];
  /** How often to play; 0 for ever. @default 0 */
  plays?: number;
}

/**
 * Joins PNG files of one size and kind into an animation.
 *
 * @throws RangeError for no frames, or frames of different sizes
 */
export function animatedPng(frames: readonly Buffer[], { milliseconds, plays = 0 }: AnimatedPngOptions): Buffer {
  const where = "animatedPng()";
  if (frames.length === 0) refuse(where, "frames", "at least one picture", 0);
  if (milliseconds.length !== frames.length) {
    refuse(where, "milliseconds", `${frames.length} numbers, one for each frame`, milliseconds.length);
  }
  for (const time of milliseconds) checkInteger(where, "milliseconds", time, { min: 10, max: 65_535 });
  checkInteger(where, "plays", plays, { min: 0 });
  const files = frames.map(readChunks);
  const header = files[0].find(({ type }) => type === "IHDR")!.data;
  files.forEach((chunks, i) => {
    if (chunks.find(({ type }) => type === "IHDR")!.data.equals(header)) return;
    refuse(where, "frames", "of one size and one kind of pixels", `another one at frame ${i}`);
  });
  const parts = [SIGNATURE, chunk("IHDR", header), chunk("acTL", integers(frames.length, plays))];
  // Frame controls and further frames are numbered together.
  let sequence = 0;
  files.forEach((chunks, i) => {
    const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
    const delay = Buffer.alloc(6); // numerator and denominator of seconds; then: leave the frame, and replace it by the next
    delay.writeUInt16BE(milliseconds[i], 0);
    delay.writeUInt16BE(1000, 2);
    parts.push(chunk("fcTL", Buffer.concat([integers(sequence++, width, height, 0, 0), delay])));
    for (const { type, data } of chunks) {
      if (type !== "IDAT") continue;
      parts.push(i === 0 ? chunk(type, data) : chunk("fdAT", Buffer.concat([integers(sequence++), data])));
    }
  });
  return Buffer.concat([...parts, chunk("IEND", Buffer.alloc(0))]);
}

/** A chunk of a PNG file: its length and checksum are left out. */
interface Chunk {
  type: string;
  data: Buffer;
}

function readChunks(file: Buffer): Chunk[] {
  if (!file.subarray(0, 8).equals(SIGNATURE)) refuse("animatedPng()", "frames", "PNG files", file);
  const chunks: Chunk[] = [];
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
    const data = file.subarray(at + 8, at + 8 + file.readUInt32BE(at));
    chunks.push({ type: file.toString("latin1", at + 4, at + 8), data });
  }
  return chunks;
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  return Buffer.concat([integers(data.length), named, integers(crc32(named))]);
}

function integers(...values: number[]): Buffer {
  const buffer = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => buffer.writeUInt32BE(value, 4 * i));
  return buffer;
}
