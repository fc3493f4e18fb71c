import type { Content } from "../messages.ts";

/** Counts down the time that cells have asked to be given, outside the process that may be busy. */
export function createAlarms(ring: (message: string) => void): {
  /** Takes a request of `interruptAfter`: with a time to set an alarm, without to take it back. */
  receive(content: Content): void;
  clear(): void;
} {
  const timers = new Map<number, ReturnType<typeof setTimeout>>();
  return {
    receive({ timer, milliseconds, message }) {
      clearTimeout(timers.get(timer));
      timers.delete(timer);
      if (typeof milliseconds === "number") {
        timers.set(timer, setTimeout(() => ring(String(message)), milliseconds));
      }
    },
    clear() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
