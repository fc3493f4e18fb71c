import type { Positions } from "../positions.ts";

/** What the kernel's front asks of the process in which cells run. */
export type ToCells =
  | { run: Run }
  | Interrupt
  /** Send everything that is still on its way, then say so. */
  | { flush: number };

/** To end the cell that is running; requests are numbered from 1. */
export interface Interrupt {
  interrupt: { request: number; message: string };
}

/** What it asks of the worker there, which hears it while a cell is in an endless loop. */
export type ToWatcher = Interrupt;

/** A cell to be run. */
export interface Run {
  /** Names this run; given back when it has ended. */
  id: number;
  /** Number in the brackets beside the cell. */
  number: number;
  /** Names to be declared first. */
  fresh: string[];
  /** A script whose value is a promise, of a list with the cell's result or of nothing. */
  code: string;
  positions: Positions;
}

/** What that process says over the link; all else comes as messages in order with the outputs. */
export type ToFront = { token: string; watches?: true } | { ready: number } | { stopping: number };

/** Where the kernel's front listens, and the password that proves who talks. */
export interface LinkOptions {
  port: number;
  token: string;
}

/** Connects back to the kernel's front, gives the password and hands over what it asks. */
export async function openLink(
  { port, token }: LinkOptions,
  receive: (message: ToCells) => void,
): Promise<(message: ToFront) => void> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  connection.setNoDelay(true);
  const encoder = new TextEncoder(), end = Deno.kill, { pid } = Deno;
  let writing: Promise<unknown> = Promise.resolve();
  const send = (message: ToFront) => {
    const bytes = encoder.encode(JSON.stringify(message) + "\n");
    writing = writing.then(async () => {
      for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
    }).catch(() => {});
  };
  send({ token });
  readLines(connection.readable, (line) => receive(JSON.parse(line))).catch(() => {}).finally(
    // The front has gone, so nobody would ever end this process.
    () => end(pid, "SIGKILL"),
  );
  return send;
}

/** Calls back for every line of text that arrives, until the stream ends. */
export async function readLines(
  stream: ReadableStream<Uint8Array>,
  onLine: (line: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of stream) {
    const lines = (text + decoder.decode(bytes, { stream: true })).split("\n");
    text = lines.pop()!;
    for (const line of lines) onLine(line);
  }
}
