/**
 * Jupyter's wire format: identities, a delimiter, a signature, then header, parent, metadata and content as JSON.
 *
 * Source: "Messaging in Jupyter", version 5.3, section "The Wire Protocol".
 */
import { createHmac, randomUUID } from "node:crypto";

export interface Message {
  type: string;
  id: string;
  /** The id of the request that this message answers or comes from; empty if it came from none. */
  parent: string;
  content: Record<string, unknown>;
}

interface Header {
  msg_id: string;
  msg_type: string;
}

const delimiter = "<IDS|MSG>";

const sign = (key: string, frames: (string | Buffer)[]): string => {
  const hmac = createHmac("sha256", key);
  for (const frame of frames) hmac.update(frame);
  return hmac.digest("hex");
};

/** The frames of a request, signed with the connection's key. */
export function packMessage(key: string, session: string, message: Omit<Message, "parent">, parent?: object): string[] {
  const header = {
    msg_id: message.id,
    msg_type: message.type,
    session,
    username: "nablab",
    date: new Date().toISOString(),
    version: "5.3",
  };
  const frames = [header, parent ?? {}, {}, message.content].map((frame) => JSON.stringify(frame));
  return [delimiter, sign(key, frames), ...frames];
}

/**
 * Reads the frames of a message.
 *
 * @throws Error if the delimiter is missing, the signature is wrong or a frame is no JSON.
 */
export function unpackMessage(key: string, frames: Buffer[]): { message: Message; header: object } {
  const at = frames.findIndex((frame) => frame.toString() === delimiter);
  if (at < 0 || frames.length < at + 6) throw new Error("unpackMessage() got frames without a Jupyter message in them");
  const [signature, ...parts] = frames.slice(at + 1, at + 6);
  if (signature.toString() !== sign(key, parts))
    throw new Error("unpackMessage() got a message with a wrong signature");
  const [header, parent, , content] = parts.map((part) => JSON.parse(part.toString()) as unknown);
  const { msg_id: id, msg_type: type } = header as Header;
  const message = { type, id, parent: (parent as Partial<Header>).msg_id ?? "" };
  return { message: { ...message, content: content as Message["content"] }, header: header as object };
}

export const newId = (): string => randomUUID();
