import type { View } from "./view";

/** The first bytes of a file say what it is. */
const SIGNATURES: [type: string, bytes: number[]][] = [
  ["image/png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["image/gif", [0x47, 0x49, 0x46, 0x38]],
];

/** A picture: the bytes of a PNG, JPEG or GIF, or SVG as bytes or text. */
export const image: View = (value) => {
  if (typeof value === "string") return isSvg(value) ? svg(value) : null;
  if (!(value instanceof Uint8Array)) return null;
  for (const [type, bytes] of SIGNATURES) {
    if (!bytes.every((byte, i) => value[i] === byte)) continue;
    const size = type === "image/png" && value.length >= 24 ? pngSize(value) : null;
    const text = `${type.slice(6).toUpperCase()} image, ${size === null ? "" : `${size.width} × ${size.height}, `}${value.length} bytes`;
    return { data: { [type]: value, "text/plain": text }, metadata: size === null ? {} : { [type]: size } };
  }
  const start = Buffer.from(value.buffer, value.byteOffset, Math.min(value.length, 512)).toString();
  return isSvg(start) ? svg(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString()) : null;
};

function isSvg(text: string): boolean {
  return /^\s*(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)?(<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/.test(text);
}

function svg(text: string) {
  return { data: { "image/svg+xml": text, "text/plain": `SVG image, ${text.length} characters` }, metadata: {} };
}

/** Width and height stand at fixed places of the first chunk, in pixels. */
function pngSize(png: Uint8Array): { width: number; height: number } {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}
