import { type Connection, newConnection, writeConnection } from "../connection.ts";
import { type Codec, createCodec, type Message } from "../messages.ts";
import type { ToFront } from "../setup/link.ts";
import { connectSocket, type ZmtpSocket } from "../zmtp.ts";
import { acceptLink, type Link } from "./link.ts";
import { forwardStreams } from "./streams.ts";

/** `deno jupyter --kernel` and the ways to talk with it. */
export interface CellProcess extends Link {
  /** Writes and reads its messages. */
  codec: Codec;
  /** Sends a request and waits for its answer. */
  request(channel: "shell" | "control", frames: Uint8Array[]): Promise<Message>;
  /** Answers its question for input. */
  answerInput(frames: Uint8Array[]): void;
  /** Settles when the process has ended, with the reason in words. */
  ended: Promise<string>;
}

/** What comes from the process by itself. */
export interface CellProcessEvents {
  /** Outputs and what the setup says, in order. */
  onPublished(message: Message): void;
  /** It asks for input. */
  onInput(message: Message): void;
  /** Text that was written to the process's own streams: reports of tests, downloads, a crash. */
  onText(name: "stdout" | "stderr", text: string): void;
  onTold(message: ToFront): void;
}

export interface CellProcessOptions {
  /** Path of the deno that it runs. */
  deno: string;
  key: string;
  /** Ends it. */
  signal: AbortSignal;
}

/** How often a start is tried: another program may take one of its ports in the last moment. */
const ATTEMPTS = 3;
/** Milliseconds that a start may take. */
const PATIENCE = 30_000;

/** Starts the process in the current folder, with everything that its first cell needs. */
export async function startCellProcess(
  options: CellProcessOptions,
  events: CellProcessEvents,
): Promise<CellProcess> {
  for (let attempt = 1;; attempt++) {
    const giveUp = new AbortController();
    const signal = AbortSignal.any([options.signal, giveUp.signal]);
    const late = setTimeout(() => giveUp.abort(), PATIENCE);
    try {
      return await tryStart({ ...options, signal }, events);
    } catch (error) {
      giveUp.abort();
      if (options.signal.aborted || attempt === ATTEMPTS) throw error;
    } finally {
      clearTimeout(late);
    }
  }
}

async function tryStart(
  { deno, key, signal }: CellProcessOptions,
  events: CellProcessEvents,
): Promise<CellProcess> {
  const connection = newConnection(key), path = await writeConnection(connection);
  const codec = createCodec(key);
  const process = new Deno.Command(deno, {
    args: ["jupyter", "--quiet", "--kernel", "--conn", path],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  signal.addEventListener("abort", () => {
    try {
      process.kill("SIGKILL");
    } catch { /* ended already */ }
  });
  const gone = new AbortController();
  const ended = process.status.then(({ code, signal }) => {
    const reason = signal ? `signal ${signal}` : `exit code ${code}`;
    gone.abort(new Error(`The process in which cells run ended (${reason})`));
    return reason;
  });
  forwardStreams(process, events.onText);

  const sockets = await connectAll(connection, gone.signal).finally(() =>
    Deno.remove(path).catch(() => {})
  );
  const waiting = new Map<string, (message: Message) => void>();
  const read = async (socket: ZmtpSocket, receive: (message: Message) => void) => {
    for await (const frames of socket.messages()) {
      const message = codec.decode(frames);
      if (message) receive(message);
    }
  };
  const answered = (message: Message) => {
    const id = message.parent.msg_id ?? "";
    waiting.get(id)?.(message);
    waiting.delete(id);
  };
  read(sockets.shell, answered);
  read(sockets.control, answered);
  read(sockets.stdin, events.onInput);
  read(sockets.iopub, events.onPublished);

  const unanswered = ended.then((reason): never => {
    throw new Error(`The process in which cells run ended (${reason})`);
  });
  unanswered.catch(() => {});
  const request: CellProcess["request"] = async (channel, frames) => {
    const answer = Promise.withResolvers<Message>();
    waiting.set(codec.decode(frames)!.header.msg_id, answer.resolve);
    await sockets[channel].send(frames);
    return await Promise.race([answer.promise, unanswered]);
  };

  const { opened, ...options } = acceptLink(events.onTold);
  const setup = new URL("../setup/setup.ts", import.meta.url).href;
  const begin = request(
    "shell",
    codec.encode("execute_request", {
      code: `await (await import(${JSON.stringify(setup)})).setUp(${JSON.stringify(options)})`,
      silent: true,
      store_history: false,
      allow_stdin: false,
    }),
  );
  const failed = ended.then((reason) => {
    throw new Error(`The process in which cells run did not start (${reason})`);
  });
  failed.catch(() => {});
  const [{ content }, link] = await Promise.race([Promise.all([begin, opened]), failed]);
  if (content["status"] !== "ok") {
    throw new Error(`Cannot prepare the kernel: ${content["evalue"]}`);
  }

  return {
    codec,
    request,
    answerInput: (frames) => void sockets.stdin.send(frames).catch(() => {}),
    ...link,
    ended,
  };
}

async function connectAll(connection: Connection, signal: AbortSignal) {
  const open = (port: number, type: "DEALER" | "SUB") =>
    connectSocket({ hostname: connection.ip, port }, type, { identity: "course", signal });
  const [shell, control, stdin, iopub] = await Promise.all([
    open(connection.shell_port, "DEALER"),
    open(connection.control_port, "DEALER"),
    open(connection.stdin_port, "DEALER"),
    open(connection.iopub_port, "SUB"),
  ]);
  return { shell, control, stdin, iopub };
}
