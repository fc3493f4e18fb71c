import type { Call } from "../exercise.ts";
import { type Channel, openChannel } from "./channel.ts";
import { SandboxError } from "./errors.ts";
import { toWire } from "./protocol.ts";

/** Runs functions that learners wrote where they can do no harm: in a process without any permission. */
export interface Sandbox {
  /**
   * Defines the function that an exercise's cell (TypeScript) contains. It always runs in a process that no other
   * code ran in. Rejects with a `SandboxError` or a `TimeLimitError`, or with what the cell threw.
   */
  load(code: string, name: string): Promise<void>;
  /** Calls the function that was loaded last; rejects as {@linkcode load} does. */
  call: Call;
  /** Ends its processes. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What code in a sandbox may use. */
export interface SandboxOptions {
  /** Megabytes of memory, 512 by default; at least 128. */
  memoryLimit?: number;
  /** Milliseconds for loading and for each call, 5000 by default. */
  timeLimit?: number;
  /** Bytes that the code may print, and bytes of each result, 4 million by default. */
  outputLimit?: number;
  /** Keeps the next process ready, which makes the next load faster; true by default. */
  spare?: boolean;
}

/** Characters of the longest cell that is looked at. */
const LONGEST_CODE = 200_000;

/** Opens a sandbox; throws a `SandboxError` if this machine cannot start one. */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { memoryLimit = 512, timeLimit = 5000, outputLimit = 4_000_000, spare = true } = options;
  const limits = { memory: Math.max(128, memoryLimit), time: timeLimit, output: outputLimit };
  let current: Channel | undefined;
  let loaded = false;
  // A process that nothing ran in yet.
  let next: Promise<Channel> | undefined = start();
  await next;

  return { load, call, close, [Symbol.asyncDispose]: close };

  async function load(code: string, name: string): Promise<void> {
    if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) {
      throw new RangeError(`Cannot load "${name}": expected the name of a function`);
    }
    if (code.length > LONGEST_CODE) {
      throw new SandboxError("code", `is longer than ${LONGEST_CODE} characters`);
    }
    loaded = false;
    await current?.kill();
    const fresh = next ?? start();
    next = undefined;
    current = await fresh;
    if (spare) next = start();
    await current.ask({ do: "load", code, name });
    loaded = true;
  }

  async function call(args: Parameters<Call>[0]): ReturnType<Call> {
    if (!current || !loaded) throw new Error("Cannot call: no function is loaded");
    return await current.ask({ do: "call", args: args.map(toWire) });
  }

  async function close(): Promise<void> {
    loaded = false;
    const channels = [current, await next?.catch(() => undefined)];
    current = next = undefined;
    await Promise.all(channels.map((channel) => channel?.kill()));
  }

  function start(): Promise<Channel> {
    const channel = openChannel(limits);
    // It is looked at when it is needed.
    channel.catch(() => {});
    return channel;
  }
}
