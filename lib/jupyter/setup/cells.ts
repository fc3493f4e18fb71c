import { AsyncLocalStorage } from "node:async_hooks";
import type { Positions } from "../positions.ts";

/** A cell that is being run, or whose background work still goes on. */
export interface RunningCell {
  /** Number in the brackets beside the cell. */
  number: number;
  /** Where each place of the code that runs was written. */
  positions: Positions;
  /** Fires when the cell is stopped. */
  controller: AbortController;
  /** Whether code of it asked for the signal, to end by itself. */
  usesSignal: boolean;
  /** Rejects what the cell is waiting for. */
  waiting: Set<(reason: Interrupted) => void>;
  /** Why it was stopped. */
  interrupted?: Interrupted;
  /** Whether it may await nothing any more. */
  refuses: boolean;
  /** Whether it has finished, though code that it started may go on. */
  ended: boolean;
  /** How often it went on after it was stopped. */
  refusals: number;
  /** Characters that it has printed. */
  printed: number;
}

/** Why a cell was stopped. */
export class Interrupted extends Error {
  override name = "Interrupted";
}

/** Milliseconds for a cell that uses its signal. */
export const GRACE = 3000;

const setTimer = setTimeout;
const contexts = new AsyncLocalStorage<RunningCell>();
const byNumber = new Map<number, RunningCell>();
let latest = newCell(0, { pieces: [] });

/** Starts a cell: code that `body` starts belongs to it, however long it goes on. */
export function enterCell<T>(cell: RunningCell, body: () => T): T {
  latest = cell;
  byNumber.set(cell.number, cell);
  return contexts.run(cell, body);
}

/** The cell whose code is calling; where that is unknown, the one that was started last. */
export function callingCell(): RunningCell {
  return contexts.getStore() ?? latest;
}

/** The cell that was started last. */
export function latestCell(): RunningCell {
  return latest;
}

/** The cell with this number in the brackets. */
export function cellNumbered(number: number): RunningCell | undefined {
  return byNumber.get(number);
}

/** A cell that has not been started. */
export function newCell(number: number, positions: Positions): RunningCell {
  return {
    number,
    positions,
    controller: new AbortController(),
    usesSignal: false,
    refuses: false,
    waiting: new Set(),
    ended: false,
    refusals: 0,
    printed: 0,
  };
}

/**
 * Stops a cell: aborts its signal and rejects everything it awaits. A cell that uses its signal has some seconds
 * to come to an end by itself, as a training that saves what it has learned.
 */
export function interruptCell(cell: RunningCell, message: string): void {
  if (cell.ended) return;
  cell.interrupted ??= new Interrupted(message);
  const refuse = () => {
    cell.refuses = true;
    for (const reject of [...cell.waiting]) reject(cell.interrupted!);
  };
  cell.controller.abort(cell.interrupted);
  if (cell.usesSignal) setTimer(refuse, GRACE);
  else refuse();
}

/** Ends the code that calls, as far as it belongs to a cell. */
export function stopHere(message: string): never {
  const cell = callingCell();
  cell.interrupted ??= new Interrupted(message);
  throw cell.interrupted;
}
