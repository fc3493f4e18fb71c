import { newConnection, writeConnection } from "./connection.ts";
import { kernelCommand } from "./kernel_command.ts";
import { type Content, createCodec, type Message } from "./messages.ts";
import type { CellOutput } from "./notebook_format.ts";
import { createOutputCollector } from "./outputs.ts";
import { connectSocket, type ZmtpSocket } from "./zmtp.ts";

/** A running kernel and what can be asked of it. */
export interface KernelClient {
  /** Runs code as a notebook cell would and waits for all of its outputs. */
  execute(code: string, options?: ExecuteOptions): Promise<Execution>;
  /** What the stop button does: ends the running cell, keeps the variables. */
  interrupt(): Promise<void>;
  /** Sends any other request ("complete_request", …) and waits for its answer. */
  request(type: string, content: Content, channel?: "shell" | "control"): Promise<Content>;
  /** Ends the kernel; its processes are gone when this settles. */
  stop(): Promise<void>;
  /** Outputs that came for no running cell: printed in the background, or late. */
  strays: Message[];
  /** Process number of the kernel. */
  pid: number;
}

export interface ExecuteOptions {
  /** Milliseconds after which the cell is interrupted and counts as failed; endless by default. */
  timeLimit?: number;
  /** Called with every output as it comes; the output grows when more of a stream arrives. */
  onOutput?: (output: CellOutput) => void;
  /** Answers `prompt()`; without it prompts are empty. */
  onInput?: (prompt: string) => string | Promise<string>;
  /** Whether requests that wait behind this one are given up when it fails; true by default. */
  stopOnError?: boolean;
}

/** What became of a cell. */
export interface Execution {
  /** "aborted": not run, because a cell before it failed. */
  status: "ok" | "error" | "aborted";
  outputs: CellOutput[];
  /** The error as text with its trace; there if and only if the status is "error". */
  error?: string;
  /** The number in the brackets beside the cell. */
  executionCount: number | null;
}

/** Milliseconds that a kernel has to stop a cell. */
const PATIENCE = 30_000;

interface Pending {
  collector: ReturnType<typeof createOutputCollector>;
  options: ExecuteOptions;
  idle: PromiseWithResolvers<void>;
  reply: PromiseWithResolvers<Message>;
}

/** Starts the course's kernel in a folder, whose deno.json (or the nearest above) then holds in cells. */
export async function startKernel(
  options: { folder: string; env?: Record<string, string> },
): Promise<KernelClient> {
  try {
    return await tryStart(options);
  } catch {
    // Another program may have taken one of its ports in the last moment.
    return await tryStart(options);
  }
}

async function tryStart(
  { folder, env = {} }: { folder: string; env?: Record<string, string> },
): Promise<KernelClient> {
  const connection = newConnection(), path = await writeConnection(connection);
  const codec = createCodec(connection.key, "client");
  const [command, ...args] = kernelCommand(path);
  const process = new Deno.Command(command!, {
    args,
    cwd: folder,
    env,
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
  const aborted = new AbortController();
  const died = process.status.then((status): never => {
    const end = status.signal ? `signal ${status.signal}` : `exit code ${status.code}`;
    const error = new Error(`The kernel's process ended (${end})`);
    aborted.abort(error);
    throw error;
  });
  died.catch(() => {});

  const pending = new Map<string, Pending>();
  const strays: Message[] = [];
  const open = (port: number, type: "DEALER" | "SUB") =>
    connectSocket({ hostname: connection.ip, port }, type, {
      identity: connection.key,
      signal: aborted.signal,
    });
  const [shell, control, stdin, iopub] = await Promise.all([
    open(connection.shell_port, "DEALER"),
    open(connection.control_port, "DEALER"),
    open(connection.stdin_port, "DEALER"),
    open(connection.iopub_port, "SUB"),
  ]).finally(() => Deno.remove(path).catch(() => {}));

  const listen = async (socket: ZmtpSocket, receive: (message: Message) => void) => {
    for await (const frames of socket.messages()) {
      const message = codec.decode(frames);
      if (message) receive(message);
    }
  };
  const replied = (message: Message) =>
    pending.get(message.parent.msg_id ?? "")?.reply.resolve(message);
  listen(shell, replied);
  listen(control, replied);
  listen(iopub, (message) => {
    const cell = pending.get(message.parent.msg_id ?? "");
    const type = message.header.msg_type;
    if (type === "status") {
      if (message.content["execution_state"] === "idle") cell?.idle.resolve();
    } else if (cell && !cell.collector.closed) {
      const output = cell.collector.receive(type, message.content);
      if (output) cell.options.onOutput?.(output);
    } else if (type !== "execute_input") {
      strays.push(message);
    }
  });
  listen(stdin, async (message) => {
    const cell = pending.get(message.parent.msg_id ?? "");
    const value = await cell?.options.onInput?.(String(message.content["prompt"])) ?? "";
    await stdin.send(codec.encode("input_reply", { value }, message.header));
  });

  const send = (socket: ZmtpSocket, type: string, content: Content, options: ExecuteOptions) => {
    const frames = codec.encode(type, content), { header } = codec.decode(frames)!;
    const entry: Pending = {
      collector: createOutputCollector(),
      options,
      idle: Promise.withResolvers(),
      reply: Promise.withResolvers(),
    };
    pending.set(header.msg_id, entry);
    socket.send(frames).catch(entry.reply.reject);
    return entry;
  };
  const request = async (
    type: string,
    content: Content,
    channel: "shell" | "control" = "shell",
  ) => {
    const { reply } = send(channel === "shell" ? shell : control, type, content, {});
    return (await Promise.race([reply.promise, died])).content;
  };
  const interrupt = async () => {
    await request("interrupt_request", {}, "control");
  };

  const client: KernelClient = {
    async execute(code, options = {}) {
      const { reply, idle, collector } = send(shell, "execute_request", {
        code,
        silent: false,
        store_history: true,
        user_expressions: {},
        allow_stdin: options.onInput !== undefined,
        stop_on_error: options.stopOnError ?? true,
      }, options);
      const { timeLimit } = options;
      const done = Promise.all([reply.promise, idle.promise]);
      let late = false;
      const timers = timeLimit === undefined ? [] : [
        setTimeout(() => {
          late = true;
          interrupt().catch(() => {});
        }, timeLimit),
        setTimeout(
          () => reply.reject(new Error(limitText(timeLimit, false))),
          timeLimit + PATIENCE,
        ),
      ];
      const [{ content }] = await Promise.race([done, died]).finally(() => {
        for (const timer of timers) clearTimeout(timer);
      });
      collector.closed = true;
      const status = late ? "error" : content["status"];
      return {
        status,
        outputs: collector.outputs,
        ...(status === "error" ? { error: late ? limitText(timeLimit!) : describe(content) } : {}),
        executionCount: content["execution_count"] ?? null,
      };
    },
    interrupt,
    request,
    async stop() {
      const gone = died.catch(() => {});
      await Promise.race([request("shutdown_request", { restart: false }, "control"), gone])
        .catch(() => {});
      const timer = setTimeout(() => process.kill("SIGKILL"), 3000);
      await gone;
      clearTimeout(timer);
      for (const socket of [shell, control, stdin, iopub]) socket.close();
    },
    strays,
    pid: process.pid,
  };
  await client.request("kernel_info_request", {});
  return client;
}

/** The error of a reply as people read it. */
function describe(content: Content): string {
  const trace = (content["traceback"] ?? []) as string[];
  return trace.join("\n") || `${content["ename"]}: ${content["evalue"]}`;
}

function limitText(limit: number, stopped = true): string {
  const could = stopped ? "was stopped" : "could not be stopped";
  return `The cell took longer than its limit of ${limit / 1000} s and ${could}`;
}
