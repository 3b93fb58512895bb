import { inspect } from "node:util";

/** Representations of one value by MIME type, and what goes with them. */
export interface Bundle {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

/** A bundle as JSON can carry it: binary data becomes base64, as the protocol wants it. */
export function encodeBundle(data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([type, value]) => [
      type,
      value instanceof Uint8Array
        ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64")
        : value,
    ]),
  );
}

/** How a value without a richer view is shown: as in Node.js itself. */
export function plainText(value: unknown): string {
  return typeof value === "string" ? value : inspect(value, { colors: false, depth: 4, maxArrayLength: 100 });
}
