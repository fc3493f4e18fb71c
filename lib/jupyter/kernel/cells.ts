import type { Content, Header, Message } from "../messages.ts";
import { createAlarms } from "./alarms.ts";
import { type CellProcess, type CellProcessEvents, startCellProcess } from "./cell_process.ts";
import { type CurrentCell, newCurrentCell, whenComplete } from "./current_cell.ts";
import { declare, nothingDeclared } from "./declarations.ts";
import { explainSyntax, type ShownError, showPlace } from "./explain.ts";
import { stopCell } from "./interrupt.ts";
import { prepareCell, type PreparedCell } from "./prepare_cell.ts";

/** What the part that runs cells needs from the part that talks with front ends. */
export interface CellsOptions {
  /** Path of the deno that runs cells. */
  deno: string;
  key: string;
  /** Sends a message to all front ends. */
  publish(type: string, content: Content, parent: Partial<Header>, more?: PublishMore): void;
  /** Asks the front end of a request for input. */
  askInput(content: Content, parent: Header): void;
}

export interface PublishMore {
  metadata?: Content;
  buffers?: Uint8Array[];
}

/** Runs cells, one at a time, in a process that is replaced when it is lost. */
export interface Cells {
  /** Runs a cell; everything it puts out has been published when the reply is there. */
  execute(request: Message): Promise<Content>;
  /** Lets Deno's own kernel answer a request. */
  forward(type: string, content: Content): Promise<Content>;
  /** Ends the running cell with this message, keeping the variables if that is possible at all. */
  interrupt(message: string): Promise<void>;
  answerInput(value: string): void;
  stop(): void;
}

/** Starts the process in which cells run; what is asked meanwhile waits for it. */
export function createCells({ deno, key, publish, askInput }: CellsOptions): Cells {
  const headers = new Map<number, Header>();
  let declared = nothingDeclared();
  let number = 0, runs = 0, latest: Partial<Header> = {};
  let current: CurrentCell | undefined;
  let waiting: { stopped: string | undefined } | undefined;
  let stopped = false;

  const events: CellProcessEvents = {
    onTold(message) {
      if ("stopping" in message) current?.heard.resolve();
      if ("ready" in message && message.ready === current?.id) current.begin();
    },
    onPublished(message) {
      const { header: { msg_type: type }, content, metadata: marked, buffers } = message;
      if (type === "course_finished" || type === "course_flushed") {
        current?.receive(type, content);
      } else if (type === "course_alarm") {
        alarms.receive(content);
      } else if (type !== "status" && type !== "execute_input" && type !== "error") {
        const { course, ...metadata } = marked;
        const parent = headers.get(course?.["cell"]) ?? latest;
        if (parent.msg_id) publish(type, content, parent, { metadata, buffers });
      }
    },
    onInput({ content }) {
      if (!current) return;
      current.asksInput = true;
      askInput(content, current.header);
    },
    onText(name, text) {
      if (latest.msg_id) publish("stream", { name, text }, latest);
    },
  };

  let process: Promise<CellProcess>;
  let killer: AbortController;
  const start = () => {
    killer = new AbortController();
    const starting = startCellProcess({ deno, key, signal: killer.signal }, events);
    process = starting;
    starting.then(async ({ ended }) => {
      const reason = await ended;
      if (stopped || process !== starting) return;
      const text = `The process in which cells run ended (${reason}). A new one was started: ` +
        "all variables are lost, run the cells above again.";
      start();
      declared = nothingDeclared();
      if (current) current.lost.resolve(text);
      else events.onText("stderr", `${text}\n`);
    }).catch(() => {/* reported by whoever awaits the process */});
  };

  const run = async (
    code: string,
    header: Header,
    options: Content,
  ): Promise<ShownError | undefined> => {
    let prepared: PreparedCell;
    try {
      prepared = prepareCell(code, declared);
    } catch (error) {
      return await explainSyntax(code, error as Error, { deno, number });
    }
    // A stop that comes while the process is still starting holds for the cell that waits for it.
    waiting = { stopped: undefined };
    const running = await process.catch(() => {
      start();
      return process;
    });
    const { stopped } = waiting;
    waiting = undefined;
    if (stopped) return shownError("Interrupted", stopped);
    const cell = newCurrentCell({ id: ++runs, number, header, prepared, process: running });
    current = cell;
    declare(declared, prepared.declarations, number);
    try {
      const end = await whenComplete(cell, options);
      if ("lost" in end) return shownError("KernelRestarted", end.lost);
      if (!end.error) return undefined;
      const { name, message, lines } = end.error;
      return { ename: name, evalue: message, traceback: showPlace(lines, code, number) };
    } finally {
      current = undefined;
      alarms.clear();
    }
  };

  const cells: Cells = {
    async execute({ header, content }) {
      const { code = "", silent = false, store_history = true, allow_stdin = false } = content;
      if (!silent && store_history) number++;
      latest = header;
      headers.set(number, header);
      const execution_count = number;
      if (!silent) publish("execute_input", { code, execution_count }, header);
      const error = code.trim() === ""
        ? undefined
        : await run(code, header, { allow_stdin, store_history: false, silent: true }).catch(
          (error) => shownError("KernelError", String(error?.message ?? error)),
        );
      if (!error) return { status: "ok", execution_count, payload: [], user_expressions: {} };
      if (!silent) publish("error", { ...error }, header);
      return { status: "error", execution_count, ...error };
    },
    async forward(type, content) {
      const { codec, request } = await process;
      return (await request("shell", codec.encode(type, content))).content;
    },
    async interrupt(message) {
      if (waiting) waiting.stopped ??= message;
      const cell = current;
      if (!cell || cell.stopping) return;
      cell.stopping = true;
      if (cell.asksInput) cells.answerInput("");
      await stopCell(cell.stopActions(message, () => killer.abort()));
    },
    answerInput(value) {
      if (!current?.asksInput) return;
      current.asksInput = false;
      current.answerInput(value);
    },
    stop() {
      stopped = true;
      killer.abort();
    },
  };
  const alarms = createAlarms((message) => void cells.interrupt(message));
  start();
  return cells;
}

function shownError(ename: string, evalue: string): ShownError {
  return { ename, evalue, traceback: [`${ename}: ${evalue}`] };
}
