/** What a connection file says: where a kernel's five channels are and the key that signs their messages. */
export interface Connection {
  transport: string;
  ip: string;
  signature_scheme: string;
  key: string;
  shell_port: number;
  iopub_port: number;
  stdin_port: number;
  control_port: number;
  hb_port: number;
}

const CHANNELS = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"] as const;

/** Reads the connection file that a front end wrote; throws if the kernel cannot serve what it asks for. */
export async function readConnection(path: string): Promise<Connection> {
  const connection = JSON.parse(await Deno.readTextFile(path)) as Connection;
  if (connection.transport !== "tcp") {
    throw new Error(
      `Cannot open the channels of ${path}: transport is "${connection.transport}", expected "tcp". ` +
        "Set KernelManager.transport to tcp in Jupyter's configuration.",
    );
  }
  if (connection.key !== "" && connection.signature_scheme !== "hmac-sha256") {
    throw new Error(
      `Cannot sign messages for ${path}: scheme is "${connection.signature_scheme}", expected "hmac-sha256"`,
    );
  }
  return connection;
}

/**
 * A connection on free ports of this machine, with a key of its own. The ports lie below those that systems give
 * to outgoing connections, and are random: they are not held until the kernel opens them.
 */
export function newConnection(key: string = crypto.randomUUID()): Connection {
  const listeners = CHANNELS.map(listenSomewhere);
  const ports = listeners.map((listener) => listener.addr.port);
  for (const listener of listeners) listener.close();
  return {
    transport: "tcp",
    ip: "127.0.0.1",
    signature_scheme: "hmac-sha256",
    key,
    ...Object.fromEntries(CHANNELS.map((channel, i) => [channel, ports[i]!])) as Record<
      typeof CHANNELS[number],
      number
    >,
  };
}

function listenSomewhere(): Deno.TcpListener {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    try {
      return Deno.listen({ hostname: "127.0.0.1", port });
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  return Deno.listen({ hostname: "127.0.0.1", port: 0 });
}

/** Writes a connection to a temporary file that only this user can read. */
export async function writeConnection(connection: Connection): Promise<string> {
  const path = await Deno.makeTempFile({ prefix: "kernel-", suffix: ".json" });
  await Deno.writeTextFile(path, JSON.stringify(connection));
  return path;
}
