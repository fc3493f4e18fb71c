/** What is needed to stop a cell whose process may be awaiting, looping or gone. */
export interface StopActions {
  /** Asks the process to reject what the cell awaits. */
  ask(): void;
  /** Settles when the process has heard that. */
  heard: Promise<unknown>;
  /** Settles when the cell has ended. */
  ended: Promise<unknown>;
  /** Sends a message through the process and waits for it to come back; settles only while no code is running. */
  ping(): Promise<unknown>;
  /** A round trip to the part of the process that answers even while code is running. */
  roundTrip(): Promise<unknown>;
  /** Ends the code that is running. Only while some is running: otherwise it would harm the process. */
  terminate(): void;
  /** Gives the process up. */
  replace(): void;
}

/** Milliseconds that a cell has to end after it was asked to. */
const GRACE = 1500;
/** Milliseconds for code that cannot be ended at once: a call into native code, a collection of garbage. */
const PATIENCE = 10_000;

/**
 * Stops a cell by the gentlest way that works: reject what it awaits; end its loop; last, replace the process.
 */
export async function stopCell(actions: StopActions): Promise<void> {
  actions.ask();
  if (await busy(actions.heard, actions)) actions.terminate();
  else if (await settles(actions.ended, GRACE)) return;
  else if (await busy(actions.ping(), actions)) actions.terminate();
  if (!await settles(actions.ended, PATIENCE)) actions.replace();
}

/**
 * Whether code is running, so that a message to it is not heard. On a machine with much else to do an answer
 * can come late, so time alone says nothing: but in several round trips the process had its turn.
 */
async function busy(
  heard: Promise<unknown>,
  { ended, roundTrip }: StopActions,
): Promise<boolean> {
  const settled = Promise.race([heard, ended]);
  for (let trip = 0; trip < 6; trip++) {
    if (await settles(settled, 50)) return false;
    if (!await settles(roundTrip(), PATIENCE)) return false;
  }
  return !await settles(settled, 0);
}

/** Whether a promise settles within so many milliseconds. */
async function settles(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  return await Promise.race([promise.then(() => true, () => true), late]).finally(() =>
    clearTimeout(timer)
  );
}
