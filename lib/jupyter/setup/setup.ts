/** Runs inside `deno jupyter --kernel` before the first cell, and makes it a process that the kernel can drive. */
import type { CourseKernel } from "../inside.ts";
import { callingCell, interruptCell, latestCell, stopHere } from "./cells.ts";
import { catchStrayErrors, keepRunning } from "./guards.ts";
import { imported } from "./imports.ts";
import { type LinkOptions, openLink, type ToCells } from "./link.ts";
import { broadcast, captureOutput } from "./output.ts";
import { runCell } from "./run_cell.ts";
import { nameCellsInStacks } from "./stack.ts";
import { createStopFlag, lower, messageOf } from "./stop_flag.ts";
import { each, wait } from "./waiting.ts";

/** What the code of a cell calls, under the name `__cell`; its loops look at the flag `__stop`. */
export interface CellFunctions {
  wait: typeof wait;
  each: typeof each;
  imported: typeof imported;
  /** Ends the calling code, when it finds the flag `__stop` raised. */
  stop(): never;
}

/** Prepares the process; the promise settles when cells can be run. */
export async function setUp(options: LinkOptions): Promise<void> {
  const flag = createStopFlag();
  const ended = new Map<number, PromiseWithResolvers<void>>();
  const receive = (message: ToCells) => {
    if ("run" in message) {
      const { id } = message.run;
      runCell(message.run).then((end) => {
        broadcast("course_finished", { id, ...end }, latestCell());
        ended.get(id)?.resolve();
        ended.delete(id);
      });
    } else if ("interrupt" in message) {
      send({ stopping: latestCell().number });
      interruptCell(latestCell(), message.interrupt.message);
      lower(flag, message.interrupt.request);
    } else {
      broadcast("course_flushed", { id: message.flush }, latestCell());
    }
  };

  let timers = 0;
  const kernel: CourseKernel & { run(id: number): Promise<void> } = {
    run(id) {
      const end = Promise.withResolvers<void>();
      ended.set(id, end);
      send({ ready: id });
      return end.promise;
    },
    signal() {
      const cell = callingCell();
      cell.usesSignal = true;
      return cell.controller.signal;
    },
    endAfter(milliseconds, message) {
      const timer = ++timers, cell = callingCell();
      broadcast("course_alarm", { timer, milliseconds, message }, cell);
      return () => broadcast("course_alarm", { timer }, cell);
    },
  };
  const stop = () => stopHere(messageOf(flag));
  const functions: CellFunctions = { wait, each, imported, stop };
  Object.defineProperty(globalThis, Symbol.for("course.kernel"), { value: kernel });
  Object.defineProperty(globalThis, "__cell", { value: functions });
  Object.defineProperty(globalThis, "__stop", { value: flag.words });
  captureOutput();
  nameCellsInStacks();
  catchStrayErrors();
  keepRunning();
  const send = await openLink(options, receive);
  const watcher = new Worker(new URL("./watch_front.ts", import.meta.url), { type: "module" });
  watcher.postMessage({ link: options, flag });
}
