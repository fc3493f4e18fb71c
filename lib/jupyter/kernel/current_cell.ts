import type { Content, Header } from "../messages.ts";
import type { CellEnd } from "../setup/run_cell.ts";
import type { CellProcess } from "./cell_process.ts";
import type { StopActions } from "./interrupt.ts";
import type { PreparedCell } from "./prepare_cell.ts";

/** The cell that is being run, and everything that must arrive before it counts as finished. */
export interface CurrentCell {
  id: number;
  header: Header;
  /** Hands its code to the process, which is ready for it. */
  begin(): void;
  /** Takes what the setup says about it, which comes after all of its outputs. */
  receive(type: "course_finished" | "course_flushed", content: Content): void;
  /** Settles when the process has heard that the cell is to stop. */
  heard: PromiseWithResolvers<void>;
  /** Settles with the reason when its process is lost. */
  lost: PromiseWithResolvers<string>;
  /** Whether it waits for input. */
  asksInput: boolean;
  answerInput(value: string): void;
  /** Whether it is being stopped. */
  stopping: boolean;
  /** What stopping it with this message takes; `replace` gives its process up. */
  stopActions(message: string, replace: () => void): StopActions;
  /** Runs it. */
  run(options: Content): Promise<CellEnd>;
}

/** Milliseconds for a report that has been written to be read. */
const REPORT = 50;

const carrier = (id: number) => `await globalThis[Symbol.for("course.kernel")].run(${id})`;

/** A cell for this process. */
export function newCurrentCell(
  { id, number, header, prepared, process }: {
    id: number;
    number: number;
    header: Header;
    prepared: PreparedCell;
    process: CellProcess;
  },
): CurrentCell {
  const { codec, tell, alert, request } = process;
  const end = Promise.withResolvers<CellEnd>();
  const heard = Promise.withResolvers<void>();
  const lost = Promise.withResolvers<string>();
  const ended = Promise.race([end.promise, lost.promise]);
  let flushed = Promise.withResolvers<void>();
  const flush = async () => {
    flushed = Promise.withResolvers();
    tell({ flush: id });
    await flushed.promise;
  };
  return {
    id,
    header,
    heard,
    lost,
    asksInput: false,
    stopping: false,
    begin() {
      const { fresh, code, positions } = prepared;
      tell({ run: { id, number, fresh, code, positions } });
    },
    receive(type, content) {
      if (content["id"] !== id) return;
      if (type === "course_finished") end.resolve(content as CellEnd);
      else flushed.resolve();
    },
    answerInput: (value) => process.answerInput(codec.encode("input_reply", { value })),
    stopActions: (message, replace) => ({
      ask() {
        const interrupt = { request: id, message };
        alert({ interrupt });
        tell({ interrupt });
      },
      heard: heard.promise,
      ended,
      ping: flush,
      roundTrip: () => request("control", codec.encode("kernel_info_request", {})),
      terminate: () => void request("control", codec.encode("interrupt_request", {})),
      replace,
    }),
    async run(options) {
      // Deno's kernel carries the cell, so that it knows whom to ask for input; the setup evaluates the code.
      const code = carrier(id);
      const carried = request("shell", codec.encode("execute_request", { ...options, code }));
      const [reported] = await Promise.all([end.promise, carried]);
      // Deno runs tests after the cell that defines them, and has written the report by now.
      if (prepared.code.includes("Deno.test")) await delay(REPORT);
      return reported;
    },
  };
}

/** Runs a cell and waits until everything of it has arrived or its process is lost. */
export async function whenComplete(
  cell: CurrentCell,
  options: Content,
): Promise<CellEnd | { lost: string }> {
  const lost = cell.lost.promise.then((reason) => ({ lost: reason }));
  // Requests fail when the process is lost, a little before it is known why.
  const ended = cell.run(options).catch(() => lost);
  return await Promise.race([ended, lost]);
}

const delay = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
