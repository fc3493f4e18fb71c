/**
 * ZeroMQ sockets as Jupyter uses them: the ZMTP 3.0 wire protocol with the NULL mechanism over TCP
 * (https://rfc.zeromq.org/spec/23/), enough for DEALER, ROUTER, SUB, PUB and REP peers.
 */

/** The kinds of ends that Jupyter's five channels have. */
export type SocketType = "DEALER" | "ROUTER" | "SUB" | "PUB" | "REP" | "REQ";

/** One connection that carries messages, each a list of frames. */
export interface ZmtpSocket {
  /** What the other side said about itself. */
  peer: { identity: string };
  /** Sends one message; messages go out in the order of the calls. */
  send(frames: readonly Uint8Array[]): Promise<void>;
  /** The messages that arrive, until either side closes. */
  messages(): AsyncGenerator<Uint8Array[], void>;
  close(): void;
}

const encoder = new TextEncoder(), decoder = new TextDecoder();
const MORE = 1, LONG = 2, COMMAND = 4;

/** Makes a ZMTP socket of a TCP connection by exchanging greetings and properties. */
export async function openSocket(
  connection: Deno.TcpConn,
  type: SocketType,
  identity = "",
): Promise<ZmtpSocket> {
  connection.setNoDelay(true);
  const reader = bufferedReader(connection);
  let writing: Promise<unknown> = Promise.resolve();
  const write = (bytes: Uint8Array): Promise<void> => {
    const written = writing.then(() => writeAll(connection, bytes));
    writing = written.catch(() => {});
    return written;
  };
  const close = () => {
    try {
      connection.close();
    } catch { /* closed already */ }
  };
  await write(greeting());
  const theirs = await reader.exactly(64);
  if (theirs[0] !== 0xff || theirs[9] !== 0x7f || theirs[10]! < 3) {
    close();
    throw new Error("Cannot talk to the peer: expected a ZMTP 3 greeting, got something else");
  }
  await write(encodeFrames([ready(type, identity)], COMMAND));
  const properties = readProperties((await readMessage(reader)).frames[0]!);
  const socket: ZmtpSocket = {
    peer: { identity: properties["identity"] ?? "" },
    send: (frames) => write(encodeFrames(frames)),
    async *messages() {
      try {
        for (;;) {
          const { frames, command } = await readMessage(reader);
          if (!command) yield frames;
        }
      } catch { /* the connection ended */ }
    },
    close,
  };
  if (type === "SUB") await socket.send([Uint8Array.of(1)]);
  return socket;
}

/** Connects to a port of this machine, waiting up to `patience` milliseconds for somebody to listen there. */
export async function connectSocket(
  address: { hostname: string; port: number },
  type: SocketType,
  { identity = "", patience = 20_000, signal }: {
    identity?: string;
    patience?: number;
    signal?: AbortSignal;
  } = {},
): Promise<ZmtpSocket> {
  const end = performance.now() + patience;
  for (;;) {
    let connection: Deno.TcpConn | undefined;
    try {
      connection = await Deno.connect(address);
      return await openSocket(connection, type, identity);
    } catch (error) {
      try {
        connection?.close();
      } catch { /* closed already */ }
      signal?.throwIfAborted();
      if (performance.now() > end || error instanceof Deno.errors.NotCapable) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** Listens on a port and hands over every peer that comes, until closed. */
export function listenForSockets(
  address: { hostname: string; port: number },
  type: SocketType,
  onSocket: (socket: ZmtpSocket) => void | Promise<void>,
): Deno.TcpListener {
  const listener = Deno.listen(address);
  (async () => {
    for await (const connection of listener) {
      openSocket(connection, type).then(onSocket).catch(() => {/* a peer that left or was none */});
    }
  })().catch(() => {/* closed */});
  return listener;
}

/** All frames of one message as bytes on the wire. */
function encodeFrames(frames: readonly Uint8Array[], flags = 0): Uint8Array {
  const sizes = frames.map((frame) => (frame.length > 255 ? 9 : 2) + frame.length);
  const bytes = new Uint8Array(sizes.reduce((sum, size) => sum + size, 0));
  let at = 0;
  frames.forEach((frame, i) => {
    const more = i < frames.length - 1 ? MORE : 0;
    if (frame.length > 255) {
      bytes[at] = flags | more | LONG;
      new DataView(bytes.buffer).setBigUint64(at + 1, BigInt(frame.length));
    } else {
      bytes[at] = flags | more;
      bytes[at + 1] = frame.length;
    }
    at += sizes[i]!;
    bytes.set(frame, at - frame.length);
  });
  return bytes;
}

async function readMessage(
  reader: Reader,
): Promise<{ frames: Uint8Array[]; command: boolean }> {
  const frames: Uint8Array[] = [];
  for (;;) {
    const flags = (await reader.exactly(1))[0]!;
    const size = flags & LONG
      ? Number(viewOf(await reader.exactly(8)).getBigUint64(0))
      : (await reader.exactly(1))[0]!;
    frames.push(await reader.exactly(size));
    if (!(flags & MORE)) return { frames, command: (flags & COMMAND) !== 0 };
  }
}

function greeting(): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes[0] = 0xff;
  bytes[9] = 0x7f;
  bytes[10] = 3;
  bytes.set(encoder.encode("NULL"), 12);
  return bytes;
}

function ready(type: SocketType, identity: string): Uint8Array {
  const property = (name: string, value: string) => {
    const size = new Uint8Array(4), bytes = encoder.encode(value);
    viewOf(size).setUint32(0, bytes.length);
    return [name.length, ...encoder.encode(name), ...size, ...bytes];
  };
  const own = type === "DEALER" || type === "REQ" ? property("Identity", identity) : [];
  return Uint8Array.from([
    5,
    ...encoder.encode("READY"),
    ...property("Socket-Type", type),
    ...own,
  ]);
}

function readProperties(command: Uint8Array): Record<string, string> {
  const properties: Record<string, string> = {};
  let at = 1 + command[0]!;
  while (at < command.length) {
    const name = decoder.decode(command.subarray(at + 1, at += 1 + command[at]!));
    const size = viewOf(command).getUint32(at);
    properties[name.toLowerCase()] = decoder.decode(command.subarray(at + 4, at += 4 + size));
  }
  return properties;
}

interface Reader {
  exactly(count: number): Promise<Uint8Array>;
}

/** Reads in large pieces and hands out exact counts. */
function bufferedReader(connection: Deno.TcpConn): Reader {
  let rest = new Uint8Array(0);
  return {
    async exactly(count) {
      const bytes = new Uint8Array(count);
      for (let filled = 0; filled < count;) {
        if (rest.length === 0) {
          const piece = new Uint8Array(65536);
          const size = await connection.read(piece);
          if (size === null) throw new Error("The connection was closed");
          rest = piece.subarray(0, size);
        }
        const size = Math.min(count - filled, rest.length);
        bytes.set(rest.subarray(0, size), filled);
        rest = rest.subarray(size);
        filled += size;
      }
      return bytes;
    },
  };
}

async function writeAll(connection: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

const viewOf = (bytes: Uint8Array) =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
