/** Bytes of a header and unit of everything else: contents are padded to a multiple. */
const BLOCK = 512;

/**
 * The regular files in a tar archive, by their path inside; folders, links and the like are passed over. The contents are
 * views of the archive's bytes, not copies.
 *
 * The format is POSIX ustar: for each file a header of 512 bytes (name, size in octal digits, sum of the header's bytes),
 * then the contents, padded with zeros to a multiple of 512.
 *
 * @param bytes the archive, unpacked where it was packed with gzip
 * @param name how errors call it
 * @throws RangeError where it is no tar archive, or is cut short
 */
export function parseTar(bytes: Uint8Array, name = "the archive"): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let at = 0;
  // Two blocks of zeros end an archive; some writers forget them.
  while (at < bytes.length && bytes[at] !== 0) {
    if (at + BLOCK > bytes.length) throw cutShort(name, bytes, at + BLOCK);
    const header = bytes.subarray(at, at + BLOCK);
    checkSum(header, name, at);
    const size = octal(header, 124, 12);
    const [start, end] = [at + BLOCK, at + BLOCK + size];
    if (end > bytes.length) throw cutShort(name, bytes, end);
    const type = header[156];
    if (type === 0 || type === 0x30) files.set(pathOf(header), bytes.subarray(start, end));
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

/** The header's bytes add up to the number in it, with that number's own eight places counted as blanks. */
function checkSum(header: Uint8Array, name: string, at: number): void {
  const sum = header.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 0x20 : byte), 0);
  if (sum === octal(header, 148, 8)) return;
  throw new RangeError(`parseTar() wants ${name} to have a tar header at byte ${at}, but its sum is not right.`);
}

function cutShort(name: string, bytes: Uint8Array, needed: number): RangeError {
  return new RangeError(`parseTar() wants ${name} to have ${needed} bytes at least, got ${bytes.length}: cut short?`);
}

/** Long paths are in two parts, of which the first is called prefix. */
function pathOf(header: Uint8Array): string {
  const isUstar = text(header, 257, 5) === "ustar";
  const prefix = isUstar ? text(header, 345, 155) : "";
  return (prefix ? `${prefix}/` : "") + text(header, 0, 100);
}

const octal = (header: Uint8Array, start: number, length: number) =>
  Number.parseInt(text(header, start, length).trim() || "0", 8);

/** Up to the first zero byte, or the end of the field. */
function text(header: Uint8Array, start: number, length: number): string {
  const field = Buffer.from(header.subarray(start, start + length));
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end < 0 ? length : end);
}
