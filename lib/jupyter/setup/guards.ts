import process from "node:process";
import { callingCell, Interrupted } from "./cells.ts";
import { describeError } from "./describe_error.ts";
import { print } from "./output.ts";

/** Shows errors that no cell waits for: rejected promises that were not awaited, errors in timers and events. */
export function catchStrayErrors(): void {
  const show = (what: string, error: unknown) => {
    if (error instanceof Interrupted) return;
    print("stderr", `${what}\n${describeError(error).lines.join("\n")}\n`);
  };
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    show("A promise was rejected and nothing awaits it (is an await missing?):", event.reason);
  });
  addEventListener("error", (event) => {
    event.preventDefault();
    show("An error in code that runs in the background:", event.error ?? event.message);
  });
  // A timer's function runs as a promise's reaction: only there can an endless loop be ended.
  globalThis.setTimeout = gently(setTimeout);
  globalThis.setInterval = gently(setInterval);
}

type Timer = (callback: string | ((...args: unknown[]) => void), ...rest: unknown[]) => number;

function gently<Start>(start: Start): Start {
  const real = start as unknown as Timer;
  const wrapped: Timer = (callback, ...rest) =>
    typeof callback !== "function" ? real(callback, ...rest) : real((...args) => {
      queueMicrotask(() => callback(...args));
    }, ...rest);
  // Such as the form of a timer that `promisify` gives.
  return Object.defineProperties(
    wrapped,
    Object.getOwnPropertyDescriptors(real),
  ) as unknown as Start;
}

/** Lets `Deno.exit` and `process.exit` end the cell instead of the kernel and all variables. */
export function keepRunning(): void {
  const exit = (name: string) => (code: unknown = 0): never => {
    throw new Error(
      `${name}(${String(code)}) ends a program; here it ended cell ${callingCell().number} only. ` +
        "The kernel and its variables are still there.",
    );
  };
  Deno.exit = exit("Deno.exit") as typeof Deno.exit;
  process.exit = exit("process.exit") as typeof process.exit;
}
