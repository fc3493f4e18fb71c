import { setImmediate } from "node:timers";
import { enterCell, GRACE, newCell } from "./cells.ts";
import { describeError, type ErrorText } from "./describe_error.ts";
import { evaluate, type Evaluation } from "./evaluate.ts";
import type { Run } from "./link.ts";
import { showResult } from "./output.ts";

/** How a cell ended: with an error, or well. */
export interface CellEnd {
  error?: ErrorText;
}

/** Milliseconds that a stopped cell has for its `finally` blocks. */
const LAST = 150;

const setTimer = setTimeout;
const nextTurn = () => new Promise<void>((resolve) => setImmediate(() => resolve()));

/** Runs a cell and shows its result; it has ended when it is stopped, whatever its code still does. */
export async function runCell(run: Run): Promise<CellEnd> {
  const cell = newCell(run.number, run.positions);
  const stopped = new Promise<Evaluation>((resolve) => {
    cell.controller.signal.addEventListener("abort", () => {
      const patience = cell.usesSignal ? GRACE + LAST : LAST;
      setTimer(() => resolve({ thrown: cell.interrupted }), patience);
    });
  });
  const evaluated = async (): Promise<Evaluation> => {
    const end = await evaluate(run);
    try {
      if ("result" in end && end.result) await showResult(end.result[0], cell);
      return end;
    } catch (thrown) {
      return { thrown };
    }
  };
  // A loop that is ended takes everything with it that was to follow in the same turn of the event loop: what
  // asked for this cell must be waiting for the next message by then.
  await nextTurn();
  const end = await Promise.race([enterCell(cell, evaluated), stopped]);
  cell.ended = true;
  // Rejections that nobody handles are reported by the end of this turn.
  await nextTurn();
  return "thrown" in end ? { error: describeError(end.thrown) } : {};
}
