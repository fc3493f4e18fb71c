/**
 * Jupyter's messages: four JSON parts and raw buffers, signed with the key of the connection file
 * (https://jupyter-client.readthedocs.io/en/stable/messaging.html, version 5.3).
 */
import { createHmac, timingSafeEqual } from "node:crypto";

/** Who sent a message and what kind it is. */
export interface Header {
  msg_id: string;
  session: string;
  username: string;
  date: string;
  msg_type: string;
  version: string;
}

/** The body of a message; what is in it depends on its kind. */
// deno-lint-ignore no-explicit-any
export type Content = Record<string, any>;

/** A message taken apart. */
export interface Message {
  header: Header;
  /** Header of the request that it answers; empty where there is none. */
  parent: Partial<Header>;
  metadata: Content;
  content: Content;
  buffers: Uint8Array[];
}

/** Writes and reads the messages of one connection. */
export interface Codec {
  /** A new message in frames. */
  encode(
    type: string,
    content: Content,
    parent?: Partial<Header>,
    more?: { metadata?: Content; buffers?: Uint8Array[]; header?: Header },
  ): Uint8Array[];
  /** The message in these frames, or nothing if it is not signed with the key. */
  decode(frames: readonly Uint8Array[]): Message | undefined;
}

const encoder = new TextEncoder(), decoder = new TextDecoder();
const DELIMITER = "<IDS|MSG>";

/** A codec that signs with `key`; an empty key means unsigned messages, as the protocol has it. */
export function createCodec(key: string, username = "kernel"): Codec {
  const session = crypto.randomUUID();
  const sign = (parts: readonly Uint8Array[]): string => {
    if (key === "") return "";
    const hmac = createHmac("sha256", key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  };
  return {
    encode(type, content, parent = {}, { metadata = {}, buffers = [], header } = {}) {
      header ??= newHeader(type, session, username);
      const parts = [header, parent, metadata, content].map((part) =>
        encoder.encode(JSON.stringify(part))
      );
      return [encoder.encode(DELIMITER), encoder.encode(sign(parts)), ...parts, ...buffers];
    },
    decode(frames) {
      const start = frames.findIndex((frame) =>
        frame.length === DELIMITER.length && decoder.decode(frame) === DELIMITER
      );
      const parts = frames.slice(start + 2, start + 6);
      if (start < 0 || parts.length < 4) return undefined;
      if (!same(decoder.decode(frames[start + 1]), sign(parts))) return undefined;
      const [header, parent, metadata, content] = parts.map((part) =>
        JSON.parse(decoder.decode(part))
      );
      return { header, parent, metadata, content, buffers: frames.slice(start + 6) };
    },
  };
}

/** A header for a message of this kind. */
export function newHeader(type: string, session: string, username: string): Header {
  return {
    msg_id: crypto.randomUUID(),
    session,
    username,
    date: new Date().toISOString(),
    msg_type: type,
    version: "5.3",
  };
}

function same(a: string, b: string): boolean {
  const left = encoder.encode(a), right = encoder.encode(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
