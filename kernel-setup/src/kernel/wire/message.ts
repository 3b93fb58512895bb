import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** The version of the Jupyter messaging protocol that the kernel speaks. */
export const PROTOCOL_VERSION = "5.4";

export interface Header {
  msg_id: string;
  session: string;
  username: string;
  date: string;
  msg_type: string;
  version: string;
  [field: string]: unknown;
}

/** A message as it came in: the route back to who sent it, and the decoded parts. */
export interface Message {
  identities: Buffer[];
  header: Header;
  parent: Partial<Header>;
  metadata: Record<string, unknown>;
  content: Record<string, unknown>;
}

/** What goes out. `content` may be JSON text already: the main thread encodes what it sends. */
export interface Outgoing {
  type: string;
  content: Record<string, unknown> | string;
  parent: Partial<Header>;
  session: string;
  metadata?: Record<string, unknown>;
}

const DELIMITER = Buffer.from("<IDS|MSG>");

function sign(key: string, parts: (string | Buffer)[]): string {
  if (key === "") return "";
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}

/**
 * Decodes the frames of a message: `[identity…, <IDS|MSG>, signature, header, parent, metadata, content, buffers…]`.
 *
 * @throws Error when the delimiter is missing or the signature does not fit the key.
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */
export function decode(key: string, frames: Buffer[]): Message {
  const delimiter = frames.findIndex((frame) => frame.equals(DELIMITER));
  if (delimiter < 0 || frames.length < delimiter + 6) throw new Error("a message without <IDS|MSG> and its five parts");
  const signature = frames[delimiter + 1];
  const parts = frames.slice(delimiter + 2, delimiter + 6);
  const expected = Buffer.from(sign(key, parts));
  if (key !== "" && (signature.length !== expected.length || !timingSafeEqual(signature, expected))) {
    throw new Error("a message whose signature does not fit the connection's key");
  }
  const [header, parent, metadata, content] = parts.map((part) => JSON.parse(part.toString()) as unknown);
  return { identities: frames.slice(0, delimiter), header, parent, metadata, content } as Message;
}

/** Encodes and signs a message. The identities route it; on iopub they are its topic. */
export function encode(key: string, identities: (string | Buffer)[], message: Outgoing): (string | Buffer)[] {
  const header: Header = {
    msg_id: randomUUID(),
    session: message.session,
    username: "kernel",
    date: new Date().toISOString(),
    msg_type: message.type,
    version: PROTOCOL_VERSION,
  };
  const { content } = message;
  const parts = [
    JSON.stringify(header),
    JSON.stringify(message.parent),
    JSON.stringify(message.metadata ?? {}),
    typeof content === "string" ? content : JSON.stringify(content),
  ];
  return [...identities, DELIMITER, sign(key, parts), ...parts];
}
