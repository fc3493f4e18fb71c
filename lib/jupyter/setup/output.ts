import process from "node:process";
import { callingCell, type RunningCell } from "./cells.ts";

/** Deno's own door to the notebook. */
interface Jupyter {
  broadcast(type: string, content: object, extra?: object): void;
  display(value: unknown, options?: DisplayOptions): Promise<void>;
  format(value: unknown): Promise<Record<string, unknown>>;
}

interface DisplayOptions {
  raw?: boolean;
  update?: boolean;
  display_id?: string;
}

type Stream = "stdout" | "stderr";

/** So many texts go out at once in so many milliseconds; what is printed faster is gathered. */
const BURST = 20, PAUSE = 40;
/** Characters of text that one cell may print: a notebook stays small enough to be opened again. */
const LIMIT = 1_000_000;

const { jupyter } = Deno as unknown as { jupyter: Jupyter };
const broadcastUnmarked = jupyter.broadcast;
const setTimer = setTimeout;

let pending: { cell: number; name: Stream; text: string }[] = [];
let waiting = false, burst = 0, burstBegan = 0;

/** Sends a message that belongs to a cell, after all text that was printed before. */
export function broadcast(
  type: string,
  content: object,
  cell: RunningCell,
  extra: Extra = {},
): void {
  flush();
  send(type, content, cell.number, extra);
}

interface Extra {
  metadata?: object;
  buffers?: unknown[];
}

/** Sends the text that was printed. */
export function flush(): void {
  const texts = pending;
  pending = [];
  for (const { cell, name, text } of texts) send("stream", { name, text }, cell);
}

/** Shows a value as the result of a cell; `undefined` and `null` show nothing. */
export async function showResult(value: unknown, cell: RunningCell): Promise<void> {
  if (value === undefined || value === null) return;
  const data = await jupyter.format(value);
  const content = { execution_count: cell.number, data, metadata: {}, transient: {} };
  broadcast("execute_result", content, cell);
}

/** Prints text into the cell whose code is calling. */
export function print(name: Stream, text: string, cell: RunningCell = callingCell()): void {
  if (text === "" || cell.printed > LIMIT) return;
  cell.printed += text.length;
  if (cell.printed > LIMIT) {
    text = `${
      text.slice(0, 1000)
    }\n… no more than ${LIMIT} characters of text are shown for a cell\n`;
  }
  const last = pending.at(-1);
  if (last?.name === name && last.cell === cell.number) last.text += text;
  else pending.push({ cell: cell.number, name, text });
  if (performance.now() - burstBegan > PAUSE) {
    burstBegan = performance.now();
    burst = 0;
  }
  if (++burst <= BURST) return flush();
  if (waiting) return;
  waiting = true;
  setTimer(() => {
    waiting = false;
    flush();
  }, PAUSE);
}

/** Sends everything that cells show or print, by whatever way, through this file: in order and with its cell. */
export function captureOutput(): void {
  jupyter.broadcast = (type, content, extra = {}) => broadcast(type, content, callingCell(), extra);
  jupyter.display = async (value, { raw = false, update = false, display_id } = {}) => {
    const cell = callingCell();
    const data = raw && isRecord(value) ? value : await jupyter.format(value);
    const content = { data, metadata: {}, transient: display_id ? { display_id } : {} };
    broadcast(update ? "update_display_data" : "display_data", content, cell);
  };

  const { internal } = Deno as unknown as { internal: symbol };
  const { inspectArgs } = (Deno as unknown as Record<symbol, Internals>)[internal]!;
  const line = (args: unknown[]) => indented(inspectArgs(args, { colors: false })) + "\n";
  let indent = "";
  const indented = (text: string) => indent === "" ? text : text.replace(/^/gm, indent);
  for (const level of ["log", "info", "debug"] as const) {
    console[level] = (...args: unknown[]) => print("stdout", line(args));
  }
  for (const level of ["warn", "error"] as const) {
    console[level] = (...args: unknown[]) => print("stderr", line(args));
  }
  console.group = console.groupCollapsed = (...args: unknown[]) => {
    if (args.length > 0) console.log(...args);
    indent += "    ";
  };
  console.groupEnd = () => void (indent = indent.slice(4));
  console.clear = () => broadcast("clear_output", { wait: false }, callingCell());
  globalThis.alert = (message = "Alert") => print("stdout", `${message}\n`);

  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const decode = (name: Stream, chunk: string | Uint8Array) =>
    typeof chunk === "string" ? chunk : decoders[name].decode(chunk, { stream: true });
  for (const name of ["stdout", "stderr"] as const) {
    process[name].write = ((chunk: string | Uint8Array, encoding?: unknown, done?: unknown) => {
      print(name, decode(name, chunk));
      const callback = typeof encoding === "function" ? encoding : done;
      if (typeof callback === "function") queueMicrotask(() => callback());
      return true;
    }) as typeof process.stdout.write;
    Deno[name].writeSync = (chunk) => {
      print(name, decode(name, chunk));
      return chunk.length;
    };
    // deno-lint-ignore require-await
    Deno[name].write = async (chunk) => Deno[name].writeSync(chunk);
  }
}

interface Internals {
  inspectArgs(args: unknown[], options: { colors: boolean }): string;
}

function send(type: string, content: object, cell: number, extra: Extra = {}): void {
  broadcastUnmarked(type, content, {
    ...extra,
    metadata: { ...extra.metadata, course: { cell } },
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
