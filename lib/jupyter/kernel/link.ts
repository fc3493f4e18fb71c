import { readLines, type ToCells, type ToFront, type ToWatcher } from "../setup/link.ts";

/** Ways to talk with the process in which cells run. */
export interface Link {
  tell(message: ToCells): void;
  /** Reaches the process also while a cell is in an endless loop. */
  alert(message: ToWatcher): void;
}

/**
 * Listens for the process in which cells run to connect back, and for the worker beside them. Whoever does not
 * know the token is cut off. `opened` settles when cells can be run; the worker may need a moment more.
 */
export function acceptLink(
  receive: (message: ToFront) => void,
): { port: number; token: string; opened: Promise<Link> } {
  const token = crypto.randomUUID();
  const opened = Promise.withResolvers<Link>();
  const missed: ToWatcher[] = [];
  let alert: Link["alert"] = (message) => void missed.push(message);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serve = async (connection: Deno.TcpConn) => {
    connection.setNoDelay(true);
    let trusted = false;
    await readLines(connection.readable, (line) => {
      const message = JSON.parse(line) as ToFront;
      if (trusted) return receive(message);
      if (!("token" in message) || message.token !== token) throw new Error("a stranger");
      trusted = true;
      const send = sender(connection);
      if (message.watches) {
        alert = send;
        for (const message of missed.splice(0)) send(message);
      } else {
        opened.resolve({ tell: send, alert: (message) => alert(message) });
      }
    });
  };
  (async () => {
    for await (const connection of listener) {
      serve(connection).catch(() => {
        try {
          connection.close();
        } catch { /* closed already */ }
      });
    }
  })().catch(() => {/* closed */});
  return { port: listener.addr.port, token, opened: opened.promise };
}

function sender(connection: Deno.TcpConn): (message: object) => void {
  const encoder = new TextEncoder();
  let writing: Promise<unknown> = Promise.resolve();
  return (message) => {
    const bytes = encoder.encode(JSON.stringify(message) + "\n");
    writing = writing.then(async () => {
      for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
    }).catch(() => {/* the process has gone, and is missed elsewhere */});
  };
}
